"""Addresses of cooperation."""

from django.urls import path

from palermo.rooms.cooperation import views

app_name = "cooperation"
urlpatterns = [
    path("", views.partners, name="list"),
    path("card/", views.card, name="card"),
    path("partners/new/", views.new, name="new"),
    path("partners/<uuid:partner_id>/", views.partner, name="partner"),
    path("partners/<uuid:partner_id>/confirm/", views.confirm, name="confirm"),
    path("partners/<uuid:partner_id>/try/", views.attempt, name="try"),
    path("partners/<uuid:partner_id>/revoke/", views.revoke, name="revoke"),
]
