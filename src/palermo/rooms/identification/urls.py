"""Addresses of the room. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.identification.views import screening as views
from palermo.rooms.identification.views import status

app_name = "identification"
urlpatterns = [
    path("", views.screening_list, name="list"),
    path("start/", views.screening_start, name="start"),
    path("rights/", views.rights_page, name="rights"),
    path("rights/<str:language>/", views.rights_page, name="rights-in"),
    path("authority/", status.authority, name="authority"),
    path("notifications/", status.notifications, name="notifications"),
    path("case/<uuid:case_id>/", status.of_case, name="of-case"),
    path("status/<uuid:identification_id>/", status.status, name="status"),
    path("status/<uuid:identification_id>/detention/", status.detention, name="detention"),
    path("status/<uuid:identification_id>/answers/", status.answer, name="answers"),
    path("status/<uuid:identification_id>/certificate/", status.certificate, name="certificate"),
    path("status/<uuid:identification_id>/decision/<uuid:ruling_id>/", status.letter, name="letter"),
    path("status/<uuid:identification_id>/decision/<uuid:ruling_id>/served/", status.serve, name="serve"),
    path("status/<uuid:identification_id>/step/<slug:event>/", status.step, name="step"),
    path("<uuid:screening_id>/", views.screening_summary, name="summary"),
    path("<uuid:screening_id>/print/", views.screening_print, name="print"),
    path("<uuid:screening_id>/decide/", views.screening_decide, name="decide"),
    path("<uuid:screening_id>/abandon/", views.screening_abandon, name="abandon"),
    path("<uuid:screening_id>/again/", views.screening_again, name="again"),
    path("<uuid:screening_id>/<slug:section>/", views.screening_section, name="section"),
]
