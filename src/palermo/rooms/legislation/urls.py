"""Addresses of the legislation. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.legislation import views

app_name = "legislation"
urlpatterns = [
    path("public/", views.public, name="public"),
    path("public/laws/<uuid:law_id>/", views.law, name="law"),
    path("public/laws/<uuid:law_id>/compare/", views.compare, name="compare"),
    path("public/laws/<uuid:law_id>/akn.xml", views.akoma, name="akoma"),
    path("public/rows/", views.heat, name="heat"),
    path("public/rows/<slug:slug>/", views.row, name="row"),
    path("public/states/<str:country>/", views.state, name="state"),
    path("public/states/<str:country>/changes/", views.changed, name="changes"),
    path("public/states/<str:country>/needs/", views.needs, name="needs"),
    path("public/states/<str:country>/needs.csv", views.needs_csv, name="needs_csv"),
    path("public/states/<str:country>/needs.json", views.needs_json, name="needs_json"),
    path("", views.listing, name="list"),
    path("laws/new/", views.new_law, name="new_law"),
    path("laws/<uuid:law_id>/edit/", views.edit_law, name="edit_law"),
    path("laws/<uuid:law_id>/text/", views.new_wording, name="new_wording"),
    path("laws/<uuid:law_id>/akn/", views.akoma_in, name="akoma_in"),
    path("texts/<uuid:wording_id>/edit/", views.edit_wording, name="edit_wording"),
    path("readings/<str:country>/<slug:slug>/", views.new_reading, name="new_reading"),
    path("reading/<uuid:reading_id>/edit/", views.edit_reading, name="edit_reading"),
    path("<slug:kind>/<uuid:key>/", views.record, name="record"),
    path("<slug:kind>/<uuid:key>/step/", views.step, name="step"),
]
