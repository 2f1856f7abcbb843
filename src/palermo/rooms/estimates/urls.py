"""Addresses of the estimates."""

from django.urls import path

from palermo.rooms.estimates import views

app_name = "estimates"
urlpatterns = [
    path("", views.studies, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:study_id>/", views.study, name="study"),
    path("<uuid:study_id>/edit/", views.edit, name="edit"),
    path("<uuid:study_id>/run/", views.start, name="run-new"),
    path("<uuid:study_id>/file/", views.table_file, name="table-file"),
    path("<uuid:study_id>/agree/", views.agree, name="agree"),
    path("<uuid:study_id>/take-back/", views.take_back, name="take-back"),
    path("<uuid:study_id>/<uuid:run_id>/", views.run, name="run"),
    path("<uuid:study_id>/<uuid:run_id>/stop/", views.stop, name="stop"),
    path("<uuid:study_id>/<uuid:run_id>/again/", views.again, name="again"),
    path("<uuid:study_id>/<uuid:run_id>/file/", views.run_file, name="run-file"),
    path("<uuid:study_id>/<uuid:run_id>/<int:place>/", views.result, name="result"),
    path("<uuid:study_id>/<uuid:run_id>/<int:place>/propose/", views.propose, name="propose"),
]
