"""Addresses of referrals. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.referral import views

app_name = "referral"
urlpatterns = [
    path("", views.referral_list, name="list"),
    path("case/<uuid:case_id>/", views.of_case, name="of-case"),
    path("case/<uuid:case_id>/new/", views.draft, name="draft"),
    path("<uuid:referral_id>/", views.referral, name="referral"),
    path("<uuid:referral_id>/edit/", views.edit, name="edit"),
    path("<uuid:referral_id>/identity/", views.identity, name="identity"),
    path("<uuid:referral_id>/sheet/", views.sheet, name="sheet"),
    path("<uuid:referral_id>/period/", views.period, name="period"),
    path("<uuid:referral_id>/agree/", views.agree, name="agree"),
    path("<uuid:referral_id>/aside/", views.put_aside, name="aside"),
    path("<uuid:referral_id>/do/<slug:event>/", views.move, name="move"),
]
