"""Addresses of reconciliation: random ids and codes only."""

from django.urls import path

from palermo.rooms.reconciliation import views

app_name = "reconciliation"
urlpatterns = [
    path("", views.projects, name="list"),
    path("new/", views.new, name="new"),
    path("histories/<uuid:handover_id>/", views.histories, name="histories"),
    path("<uuid:project_id>/", views.project, name="project"),
    path("<uuid:project_id>/lists/declare/", views.declare, name="declare"),
    path("<uuid:project_id>/lists/<uuid:source_id>/leave-out/", views.leave_out, name="leave-out"),
    path("<uuid:project_id>/lists/<uuid:source_id>/bring/", views.bring, name="bring"),
    path("<uuid:project_id>/files/<uuid:upload_id>/", views.upload, name="upload"),
    path("<uuid:project_id>/files/<uuid:upload_id>/drop/", views.drop, name="drop"),
    path("<uuid:project_id>/link/", views.link, name="link"),
    path("<uuid:project_id>/runs/<uuid:run_id>/", views.run, name="run"),
    path("<uuid:project_id>/runs/<uuid:run_id>/stop/", views.stop, name="stop"),
    path("<uuid:project_id>/runs/<uuid:run_id>/sample/", views.sample, name="sample"),
    path("<uuid:project_id>/runs/<uuid:run_id>/hand-over/", views.hand_over, name="hand-over"),
    path("<uuid:project_id>/review/", views.review, name="review"),
    path("<uuid:project_id>/review/blind/", views.review_blind, name="review-blind"),
    path("<uuid:project_id>/review/begin/", views.begin, name="begin"),
    path("<uuid:project_id>/pairs/<uuid:pair_id>/", views.pair, name="pair"),
    path("<uuid:project_id>/pairs/<uuid:pair_id>/take-back/", views.take_back, name="take-back"),
    path("<uuid:project_id>/people/", views.people, name="people"),
    path("<uuid:project_id>/people/<str:code>/", views.person, name="person"),
    path("<uuid:project_id>/register/", views.register, name="register"),
    path("<uuid:project_id>/changes/", views.changes, name="changes"),
    path("<uuid:project_id>/changes/<uuid:change_id>/undo/", views.undo, name="undo"),
    path("<uuid:project_id>/quality/", views.quality, name="quality"),
    path("<uuid:project_id>/quality/file/", views.quality_file, name="quality-file"),
    path("<uuid:project_id>/remove/", views.remove, name="remove"),
]
