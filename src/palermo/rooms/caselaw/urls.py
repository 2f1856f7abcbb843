"""Addresses of the case law. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.caselaw import views

app_name = "caselaw"
urlpatterns = [
    path("", views.cases, name="list"),
    path("public/", views.public, name="public"),
    path("public/feed.xml", views.feed, name="feed"),
    path("public/<str:palermo_id>/", views.case, name="case"),
    path("public/<str:palermo_id>/record.json", views.as_json, name="json"),
    path("<uuid:case_id>/", views.draft, name="draft"),
    path("<uuid:case_id>/step/", views.step, name="step"),
]
