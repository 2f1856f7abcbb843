"""Addresses of the reports. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.reports import views

app_name = "reports"
ADVICE = "<uuid:report_id>/recommendations/"
urlpatterns = [
    path("", views.reports, name="list"),
    path("stories/", views.stories, name="stories"),
    path("public/", views.public, name="public"),
    path("public/stories/", views.public_stories, name="public-stories"),
    path("public/<str:identifier>/", views.landing, name="landing"),
    path("public/<str:identifier>/files/<str:name>", views.public_file, name="public-file"),
    path("<uuid:report_id>/", views.report, name="report"),
    path("<uuid:report_id>/preview/", views.preview, name="preview"),
    path("<uuid:report_id>/changes/", views.changes, name="changes"),
    path("<uuid:report_id>/sections/add/", views.add, name="add"),
    path("<uuid:report_id>/sections/<uuid:section_id>/", views.section, name="section"),
    path("<uuid:report_id>/sections/<uuid:section_id>/move/", views.move, name="move"),
    path("<uuid:report_id>/sections/<uuid:section_id>/remove/", views.remove, name="remove"),
    path(f"{ADVICE}add/", views.recommend, name="recommend"),
    path(f"{ADVICE}<uuid:recommendation_id>/", views.recommendation, name="recommendation"),
    path(
        f"{ADVICE}<uuid:recommendation_id>/remove/", views.recommendation_remove, name="recommendation-remove"
    ),
    path("<uuid:report_id>/submit/", views.submit, name="submit"),
    path("<uuid:report_id>/reopen/", views.reopen, name="reopen"),
    path("<uuid:report_id>/review/", views.review, name="review"),
    path("<uuid:report_id>/approve/", views.approve, name="approve"),
    path("<uuid:report_id>/reject/", views.reject, name="reject"),
    path("<uuid:report_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:report_id>/discard/", views.discard, name="discard"),
    path("<uuid:report_id>/files/<str:name>", views.file, name="file"),
]
