"""Addresses of the observatory for people, and those of the OpenRosa protocol for devices (`openrosa`, under /o/)."""

from django.urls import path

from palermo.rooms.observatory import views
from palermo.rooms.observatory.views import desks
from palermo.rooms.observatory.views import openrosa as protocol
from palermo.rooms.observatory.views.central import feeds, listing

app_name = "observatory"
STUDY = "<uuid:study_id>/"
FORM = f"{STUDY}forms/<uuid:version_id>/"
RECORD = f"{STUDY}records/<uuid:submission_id>/"
urlpatterns = [
    path("", views.studies, name="list"),
    path("new/", views.new, name="new"),
    path(STUDY, views.study, name="study"),
    path(f"{STUDY}sites/add/", views.add_site, name="add-site"),
    path(f"{STUDY}forms/add/", views.add_form, name="add-form"),
    path(FORM, views.version, name="version"),
    path(f"{FORM}publish/", views.publish, name="publish"),
    path(f"{FORM}state/", views.state, name="state"),
    path(f"{FORM}discard/", views.discard, name="discard"),
    path(f"{FORM}source/", views.source, name="source"),
    path(f"{FORM}fill/", views.fill, name="fill"),
    path(f"{FORM}fill/form.xml", views.blank, name="web-form"),
    path(f"{FORM}fill/files/<str:name>", views.file, name="web-file"),
    path(f"{FORM}fill/send/", views.send, name="web-send"),
    path(f"{FORM}links/add/", views.add_link, name="add-link"),
    path(f"{FORM}encrypt/", views.encrypt, name="encrypt"),
    path(f"{STUDY}encryption/", views.encryption, name="encryption"),
    path(f"{STUDY}encryption/key/", views.make_key, name="make-key"),
    path(f"{STUDY}encryption/open/", views.open_records, name="open-records"),
    path(f"{STUDY}devices/add/", views.add_device, name="add-device"),
    path(f"{STUDY}devices/<uuid:device_id>/revoke/", views.revoke, name="revoke"),
    path(f"{STUDY}indicators/", views.indicators, name="indicators"),
    path(f"{STUDY}indicators/again/", views.indicators_again, name="indicators-again"),
    path(f"{STUDY}indicators/values.csv", views.indicators_file, name="indicators-file"),
    path(f"{STUDY}live/", views.live, name="live"),
    path(f"{STUDY}live/thresholds/", views.thresholds, name="thresholds"),
    path(f"{STUDY}alerts/<uuid:alert_id>/", views.alert, name="alert"),
    path(f"{STUDY}rates/", views.rates, name="rates"),
    path(f"{STUDY}records/", views.submissions, name="submissions"),
    path(f"{STUDY}exports/", views.exports, name="exports"),
    path(f"{STUDY}exports/of/<uuid:form_id>/", views.new_export, name="new-export"),
    path(f"{STUDY}exports/<uuid:export_id>/", views.export, name="export"),
    path(f"{STUDY}exports/<uuid:export_id>/stop/", views.stop_export, name="stop-export"),
    path(f"{STUDY}exports/<uuid:export_id>/file/", views.export_file, name="export-file"),
    path(f"{STUDY}tokens/", views.tokens, name="tokens"),
    path(f"{STUDY}tokens/<uuid:token_id>/revoke/", views.revoke_token, name="revoke-token"),
    path(RECORD, views.submission, name="submission"),
    path(f"{RECORD}again/", views.again, name="again"),
    path(f"{RECORD}withdraw/", views.withdraw, name="withdraw"),
    path(f"{RECORD}files/<uuid:attachment_id>/", views.attachment, name="attachment"),
]

KEY = "key/<str:token>/"
openrosa = [
    path(f"{prefix}<slug:project>/{rest}", view, name=f"{before}{name}")
    for prefix, before in (("", ""), (KEY, "key-"))
    for rest, view, name in (
        ("formList", protocol.form_list, "form-list"),
        ("submission", protocol.submission, "submission"),
        ("forms/<uuid:version_id>.xml", protocol.form_xml, "form"),
        ("forms/<uuid:version_id>/manifest", protocol.manifest, "manifest"),
        ("forms/<uuid:version_id>/media/<str:name>", protocol.media, "media"),
    )
]

# A link to one form, for a browser: its key stands after the # of the address and comes in a header.
DESK = "desk/<uuid:link_id>/"
openrosa += [
    path(DESK, desks.desk, name="desk"),
    path(f"{DESK}form.xml", desks.desk_form, name="desk-form"),
    path(f"{DESK}files/<str:name>", desks.desk_file, name="desk-file"),
    path(f"{DESK}send/", desks.desk_send, name="desk-send"),
]

# Programs that read: shaped like ODK Central, so that whatever speaks to it speaks to this.
ONE_FORM = "projects/<int:number>/forms/<str:form_id>"
central = [
    path("sessions", listing.sessions, name="sessions"),
    path("users/current", listing.current_user, name="current-user"),
    path("projects", listing.projects, name="projects"),
    path("projects/<int:number>", listing.project, name="project"),
    path("projects/<int:number>/forms", listing.forms, name="forms"),
    path(f"{ONE_FORM}.svc", feeds.service, name="service"),
    path(f"{ONE_FORM}.svc/", feeds.service, name="service-root"),
    path(f"{ONE_FORM}.svc/$metadata", feeds.schema, name="metadata"),
    path(f"{ONE_FORM}.svc/<path:table>", feeds.feed, name="feed"),
    path(f"{ONE_FORM}/fields", listing.fields, name="fields"),
    path(ONE_FORM, listing.form, name="form"),
]
