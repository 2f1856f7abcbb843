"""Addresses of the register: public codes and random ids only."""

from django.urls import path

from palermo.rooms.register import views

app_name = "register"
urlpatterns = [
    path("", views.person_list, name="list"),
    path("imports/", views.import_list, name="imports"),
    path("imports/<uuid:run_id>/rejected.csv", views.rejected, name="rejected"),
    path("<str:code>/", views.person_page, name="person"),
]
