"""Addresses of the observatory for people, and those of the OpenRosa protocol for devices (`openrosa`, under /o/)."""

from django.urls import path

from palermo.rooms.observatory import views
from palermo.rooms.observatory.views import openrosa as protocol

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
    path(f"{FORM}encrypt/", views.encrypt, name="encrypt"),
    path(f"{STUDY}encryption/", views.encryption, name="encryption"),
    path(f"{STUDY}encryption/key/", views.make_key, name="make-key"),
    path(f"{STUDY}encryption/open/", views.open_records, name="open-records"),
    path(f"{STUDY}devices/add/", views.add_device, name="add-device"),
    path(f"{STUDY}devices/<uuid:device_id>/revoke/", views.revoke, name="revoke"),
    path(f"{STUDY}indicators/", views.indicators, name="indicators"),
    path(f"{STUDY}indicators/again/", views.indicators_again, name="indicators-again"),
    path(f"{STUDY}indicators/values.csv", views.indicators_file, name="indicators-file"),
    path(f"{STUDY}rates/", views.rates, name="rates"),
    path(f"{STUDY}records/", views.submissions, name="submissions"),
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
