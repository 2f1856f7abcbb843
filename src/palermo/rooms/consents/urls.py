"""Addresses of the ledger, under the case that they are about. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.consents import views

app_name = "consents"
urlpatterns = [
    path("case/<uuid:case_id>/", views.of_case, name="of-case"),
    path("case/<uuid:case_id>/record/", views.record, name="record"),
    path("case/<uuid:case_id>/<uuid:consent_id>/withdraw/", views.withdraw, name="withdraw"),
    path("case/<uuid:case_id>/law/", views.ask, name="ask"),
    path("case/<uuid:case_id>/law/<uuid:basis_id>/", views.decide, name="decide"),
    path("case/<uuid:case_id>/paper/<slug:purpose>/", views.paper, name="paper"),
]
