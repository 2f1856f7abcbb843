"""Addresses of the services room. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.services import views

app_name = "services"
urlpatterns = [
    path("", views.service_list, name="list"),
    path("print/", views.service_print, name="print"),
    path("export/", views.service_export, name="export"),
    path("new/", views.service_add, name="add"),
    path("unmet/", views.unmet, name="unmet"),
    path("needs/", views.needs, name="needs"),
    path("needs/<uuid:need_id>/plan/", views.need_plan, name="plan"),
    path("needs/<uuid:need_id>/unmet/", views.need_unmet, name="need-unmet"),
    path("needs/<uuid:need_id>/again/", views.need_again, name="need-again"),
    path("deliveries/<uuid:delivery_id>/", views.delivery, name="delivery"),
    path("cases/<uuid:case_id>/", views.case_needs, name="case"),
    path("admissions/<uuid:admission_id>/leave/", views.leave, name="leave"),
    path("reviews/<uuid:review_id>/", views.review, name="review"),
    path("reviews/<uuid:review_id>/finish/", views.review_finish, name="review-finish"),
    path("findings/<uuid:finding_id>/", views.finding, name="finding"),
    path("<uuid:service_id>/", views.service_page, name="service"),
    path("<uuid:service_id>/edit/", views.service_edit, name="edit"),
    path("<uuid:service_id>/state/", views.service_state, name="state"),
    path("<uuid:service_id>/public/", views.service_public, name="public"),
    path("<uuid:service_id>/history/", views.service_history, name="history"),
    path("<uuid:service_id>/history/<int:number>/", views.service_undo, name="undo"),
    path("<uuid:service_id>/capacity/", views.capacity, name="capacity"),
    path("<uuid:service_id>/places/", views.places, name="places"),
    path("<uuid:service_id>/guests/", views.guests, name="guests"),
    path("<uuid:service_id>/address/", views.address, name="address"),
    path("<uuid:service_id>/address/share/", views.address_share, name="address-share"),
    path("<uuid:service_id>/address/share/<uuid:grant_id>/end/", views.address_end, name="address-end"),
    path("<uuid:service_id>/reviews/", views.reviews, name="reviews"),
]
