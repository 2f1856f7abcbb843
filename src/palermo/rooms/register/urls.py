"""Addresses of the register: public codes and random ids only."""

from django.urls import path

from palermo.rooms.register import views

app_name = "register"
urlpatterns = [
    path("", views.person_list, name="list"),
    path("imports/", views.import_list, name="imports"),
    path("imports/<uuid:run_id>/rejected.csv", views.rejected, name="rejected"),
    path("imports/offenders-<slug:what>.csv", views.sample, name="sample"),
    path("withdrawn/", views.withdrawn, name="withdrawn"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/restore/", views.restore, name="restore"),
    path("<str:code>/correct/", views.correct, name="correct"),
    path("<str:code>/corrections/<int:correction>/undo/", views.undo_correction, name="undo_correction"),
    path("<str:code>/", views.person_page, name="person"),
]
