"""Addresses of field studies."""

from django.urls import path

from palermo.rooms.fieldstudies import views

app_name = "fieldstudies"
STUDY = "<uuid:study_id>/"
SOURCE = f"{STUDY}sources/<uuid:source_id>/"
FINDING = f"{STUDY}findings/<uuid:finding_id>/"
urlpatterns = [
    path("", views.studies, name="list"),
    path("new/", views.new, name="new"),
    path(STUDY, views.study, name="study"),
    path(f"{STUDY}team/", views.team, name="team"),
    path(f"{STUDY}sources/add/", views.add_source, name="add-source"),
    path(SOURCE, views.source, name="source"),
    path(f"{SOURCE}redact/", views.redact, name="redact"),
    path(f"{SOURCE}undo/", views.undo, name="undo"),
    path(f"{SOURCE}approve/", views.approve, name="approve"),
    path(f"{SOURCE}destroyed/", views.destroyed, name="destroyed"),
    path(f"{SOURCE}code/", views.give, name="give"),
    path(f"{STUDY}segments/<uuid:segment_id>/back/", views.back, name="back"),
    path(f"{STUDY}segments/<uuid:segment_id>/release/", views.release, name="release"),
    path(f"{STUDY}codebook/", views.codebook, name="codebook"),
    path(f"{STUDY}codebook/<uuid:code_id>/", views.code, name="code"),
    path(f"{STUDY}codebook/<str:kind>/file/", views.codebook_file, name="codebook-file"),
    path(f"{STUDY}project/", views.project_file, name="project-file"),
    path(f"{STUDY}take-in/", views.take_in, name="take-in"),
    path(f"{STUDY}doubles/draw/", views.draw, name="draw"),
    path(f"{STUDY}doubles/<uuid:double_id>/", views.double, name="double"),
    path(f"{STUDY}doubles/<uuid:double_id>/close/", views.close, name="close"),
    path(f"{STUDY}findings/add/", views.add_finding, name="add-finding"),
    path(FINDING, views.finding, name="finding"),
    path(f"{FINDING}approve/", views.approve_finding, name="approve-finding"),
]
