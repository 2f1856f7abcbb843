"""Addresses of the encounters room. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.encounters import views

app_name = "encounters"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("open/", views.event_open, name="open"),
    path("figures/", views.figures, name="figures"),
    path("<uuid:event_id>/", views.event_page, name="event"),
    path("<uuid:event_id>/intake/", views.intake, name="intake"),
    path("<uuid:event_id>/table/", views.table, name="table"),
    path("<uuid:event_id>/counts/", views.event_counts, name="counts"),
    path("<uuid:event_id>/together/", views.together, name="together"),
    path("<uuid:event_id>/print/", views.event_print, name="print"),
    path("<uuid:event_id>/share/", views.share, name="share"),
    path("<uuid:event_id>/share/<uuid:grant_id>/end/", views.share_end, name="share-end"),
    path("person/<uuid:migrant_id>/", views.migrant_page, name="migrant"),
    path("person/<uuid:migrant_id>/write/<slug:what>/", views.migrant_write, name="write"),
    path("person/<uuid:migrant_id>/link/<uuid:link_id>/", views.migrant_link, name="link"),
    path("person/<uuid:migrant_id>/move/<slug:event>/", views.migrant_move, name="move"),
]
