"""Addresses of the case room. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.case_list, name="list"),
    path("export/", views.case_export, name="export"),
    path("open/", views.open_search, name="open"),
    path("open/person/", views.open_person, name="open-person"),
    path("<uuid:case_id>/", views.case_page, name="case"),
    path("<uuid:case_id>/print/", views.case_print, name="print"),
    path("<uuid:case_id>/trail/", views.case_trail, name="trail"),
    path("<uuid:case_id>/move/<slug:event>/", views.case_move, name="move"),
    path("<uuid:case_id>/facts/", views.case_facts, name="facts"),
    path("<uuid:case_id>/risk/", views.case_risk, name="risk"),
    path("<uuid:case_id>/notes/", views.case_note, name="note"),
    path("<uuid:case_id>/notes/<int:note_id>/", views.case_note, name="note-correct"),
    path("<uuid:case_id>/identity/", views.case_reveal, name="reveal"),
    path("<uuid:case_id>/files/", views.case_files, name="files"),
    path("<uuid:case_id>/files/<uuid:file_id>/", views.case_file, name="file"),
    path("<uuid:case_id>/files/<uuid:file_id>/remove/", views.case_file_remove, name="file-remove"),
    path("<uuid:case_id>/files/<uuid:file_id>/restore/", views.case_file_restore, name="file-restore"),
    path("<uuid:case_id>/worker/", views.case_worker, name="worker"),
    path("<uuid:case_id>/access/", views.case_access, name="access"),
    path("<uuid:case_id>/access/<uuid:grant_id>/end/", views.case_end_share, name="end-share"),
]
