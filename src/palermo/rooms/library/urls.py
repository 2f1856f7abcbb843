"""Addresses of the library and of the directory. Under public/ is only what is published."""

from django.urls import path

from palermo.rooms.library import views

app_name = "library"
urlpatterns = [
    path("", views.items, name="list"),
    path("new/", views.new, name="new"),
    path("public/", views.public, name="public"),
    path("public/authorities/", views.authorities, name="authorities"),
    path("public/authorities/<slug:ref>/", views.authority, name="authority"),
    path("public/<slug:palermo_id>/", views.item, name="item"),
    path("public/<slug:palermo_id>/record.json", views.as_json, name="json"),
    path("public/<slug:palermo_id>/cite.bib", views.as_bibtex, name="bibtex"),
    path("public/<slug:palermo_id>/cite.ris", views.as_ris, name="ris"),
    path("public/<slug:palermo_id>/files/<uuid:file_id>/", views.download, name="file"),
    path("authorities/new/", views.new_authority, name="new-authority"),
    path("authorities/<slug:ref>/", views.edit_authority, name="edit-authority"),
    path("authorities/<slug:ref>/contacts/", views.contacts, name="contacts"),
    path("authorities/<slug:ref>/step/", views.authority_step, name="authority-step"),
    path("<uuid:item_id>/", views.draft, name="draft"),
    path("<uuid:item_id>/edit/", views.edit, name="edit"),
    path("<uuid:item_id>/step/", views.step, name="step"),
    path("<uuid:item_id>/files/", views.add_file, name="add-file"),
    path("<uuid:item_id>/files/<uuid:file_id>/", views.draft_file, name="draft-file"),
    path("<uuid:item_id>/files/<uuid:file_id>/remove/", views.remove_file, name="remove-file"),
]
