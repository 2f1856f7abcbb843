"""Addresses of the thesaurus; all of them are public."""

from django.urls import path

from palermo.rooms.thesaurus import views

app_name = "thesaurus"
urlpatterns = [
    path("", views.tree, name="tree"),
    path("thesaurus.ttl", views.turtle, name="ttl"),
    path("thesaurus.csv", views.as_csv, name="csv"),
    path("<slug:code>/", views.concept, name="concept"),
]
