"""Addresses of the releases. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.releases, name="list"),
    path("new/", views.new, name="new"),
    path("compare/", views.compare, name="compare"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/<uuid:population_id>/cap/", views.cap, name="cap"),
    path("ledger/caps/<uuid:decision_id>/agree/", views.cap_agree, name="cap-agree"),
    path("public/", views.public, name="public"),
    path("public/<str:identifier>/", views.landing, name="landing"),
    path("public/<str:identifier>/files/<str:name>", views.public_file, name="public-file"),
    path("<uuid:release_id>/", views.release, name="release"),
    path("<uuid:release_id>/edit/", views.edit, name="edit"),
    path("<uuid:release_id>/run/", views.run, name="run"),
    path("<uuid:release_id>/stop/", views.stop, name="stop"),
    path("<uuid:release_id>/review/", views.review, name="review"),
    path("<uuid:release_id>/approve/", views.approve, name="approve"),
    path("<uuid:release_id>/reject/", views.reject, name="reject"),
    path("<uuid:release_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:release_id>/discard/", views.discard, name="discard"),
    path("<uuid:release_id>/files/<str:name>", views.file, name="file"),
]
