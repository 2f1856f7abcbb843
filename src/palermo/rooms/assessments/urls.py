"""Addresses of assessments."""

from django.urls import path

from palermo.rooms.assessments import views

app_name = "assessments"
ONE = "<uuid:assessment_id>/"
urlpatterns = [
    path("", views.assessments, name="list"),
    path("new/", views.new, name="new"),
    path("recommendations/", views.all_recommendations, name="recommendations"),
    path(ONE, views.assessment, name="assessment"),
    path(f"{ONE}fill/<str:part>/", views.fill, name="fill"),
    path(f"{ONE}hand-in/", views.hand_in, name="hand-in"),
    path(f"{ONE}close/", views.close, name="close"),
    path(f"{ONE}finish/", views.finish, name="finish"),
    path(f"{ONE}reconcile/", views.reconcile, name="reconcile"),
    path(f"{ONE}recommend/", views.recommend, name="recommend"),
    path(f"{ONE}recommendations/<uuid:key>/", views.recommendation, name="recommendation"),
    path(f"{ONE}report/", views.report, name="report"),
    path(f"{ONE}report/<str:format>/", views.report_file, name="report-file"),
    path(f"{ONE}answers/<str:format>/", views.answers_file, name="answers-file"),
    path(f"{ONE}form/", views.form_file, name="form-file"),
    path(f"{ONE}take-in/", views.take_in, name="take-in"),
]
