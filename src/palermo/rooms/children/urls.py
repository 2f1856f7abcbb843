"""Addresses of the protection of children, under the case. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.children import views

app_name = "children"
urlpatterns = [
    path("", views.child_list, name="list"),
    path("figures/", views.figures, name="figures"),
    path("case/<uuid:case_id>/", views.of_case, name="of-case"),
    path("case/<uuid:case_id>/print/", views.paper, name="print"),
    path("case/<uuid:case_id>/step/<slug:event>/", views.step, name="step"),
    path("case/<uuid:case_id>/record/<slug:what>/", views.record, name="record"),
    path("case/<uuid:case_id>/guardian/", views.reveal, name="reveal"),
]
