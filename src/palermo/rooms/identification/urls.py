"""Addresses of the screening room. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.identification import views

app_name = "identification"
urlpatterns = [
    path("", views.screening_list, name="list"),
    path("start/", views.screening_start, name="start"),
    path("rights/", views.rights_page, name="rights"),
    path("rights/<str:language>/", views.rights_page, name="rights-in"),
    path("<uuid:screening_id>/", views.screening_summary, name="summary"),
    path("<uuid:screening_id>/print/", views.screening_print, name="print"),
    path("<uuid:screening_id>/decide/", views.screening_decide, name="decide"),
    path("<uuid:screening_id>/abandon/", views.screening_abandon, name="abandon"),
    path("<uuid:screening_id>/again/", views.screening_again, name="again"),
    path("<uuid:screening_id>/<slug:section>/", views.screening_section, name="section"),
]
