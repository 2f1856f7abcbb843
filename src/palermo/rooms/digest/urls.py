"""Addresses of the digest. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.digest import views

app_name = "digest"
urlpatterns = [
    path("public/", views.public, name="public"),
    path("public/findings.csv", views.findings_csv, name="csv"),
    path("public/findings.json", views.findings_json, name="json"),
    path("public/editions/", views.editions, name="editions"),
    path("public/editions/<int:number>/", views.edition, name="edition"),
    path("public/editions/<int:number>/<slug:format>/", views.edition_file, name="file"),
    path("public/issues/<slug:code>/", views.issue, name="issue"),
    path("", views.listing, name="list"),
    path("cases/", views.choose, name="choose"),
    path("findings/<str:palermo_id>/new/", views.new_finding, name="new_finding"),
    path("finding/<uuid:finding_id>/edit/", views.edit_finding, name="edit_finding"),
    path("issues/<slug:code>/intro/", views.new_intro, name="new_intro"),
    path("intro/<uuid:intro_id>/edit/", views.edit_intro, name="edit_intro"),
    path("editions/freeze/", views.freeze, name="freeze"),
    path("<slug:kind>/<uuid:key>/", views.record, name="record"),
    path("<slug:kind>/<uuid:key>/step/", views.step, name="step"),
]
