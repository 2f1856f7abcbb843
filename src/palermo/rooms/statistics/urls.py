"""Addresses of the statistics. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.index, name="index"),
    path("public/", views.public_index, name="public"),
    path("public/profile/", views.public_profile, name="public-profile"),
    path("public/<slug:name>/", views.public_table, name="public-table"),
    path("public/<slug:name>/file/<slug:format>/", views.public_file, name="public-file"),
    path("public/<slug:name>/<int:number>/", views.public_edition, name="public-edition"),
    path(
        "public/<slug:name>/<int:number>/file/<slug:format>/",
        views.public_edition_file,
        name="public-edition-file",
    ),
    path("public/<slug:name>/<int:number>/explore/", views.explore, name="explore"),
    path("public/<slug:name>/<int:number>/trend/", views.public_trend, name="public-trend"),
    path("public/<slug:name>/<int:number>/map/", views.public_map, name="public-map"),
    path("public/<slug:name>/<int:number>/<slug:key>/", views.public_part, name="public-part"),
    path("publications/<uuid:publication_id>/", views.publication, name="publication"),
    path("publications/<uuid:publication_id>/approve/", views.approve, name="approve"),
    path("publications/<uuid:publication_id>/withdraw/", views.withdraw, name="withdraw"),
    path("publications/<uuid:publication_id>/again/", views.republish, name="republish"),
    path("count/", views.count, name="count"),
    path("free/", views.free, name="free"),
    path("free/file/<slug:format>/", views.free_file, name="free-file"),
    path("own/", views.own, name="own"),
    path("own/file/<slug:format>/", views.own_file, name="own-file"),
    path("<slug:name>/", views.table, name="table"),
    path("<slug:name>/publish/", views.publish, name="publish"),
    path("<slug:name>/part/<slug:key>/", views.part, name="part"),
    path("<slug:name>/file/<slug:format>/", views.file, name="file"),
]
