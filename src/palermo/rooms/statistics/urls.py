"""Addresses of the statistics. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.index, name="index"),
    path("public/", views.public_index, name="public"),
    path("public/<slug:name>/", views.public_table, name="public-table"),
    path("public/<slug:name>/file/<slug:format>/", views.public_file, name="public-file"),
    path("publications/<uuid:publication_id>/", views.publication, name="publication"),
    path("publications/<uuid:publication_id>/approve/", views.approve, name="approve"),
    path("publications/<uuid:publication_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:name>/", views.table, name="table"),
    path("<slug:name>/publish/", views.publish, name="publish"),
    path("<slug:name>/file/<slug:format>/", views.file, name="file"),
]
