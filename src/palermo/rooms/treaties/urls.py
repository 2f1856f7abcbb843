"""Addresses of the treaties; all of them are public."""

from django.urls import path

from palermo.rooms.treaties import views

app_name = "treaties"
urlpatterns = [
    path("public/", views.public, name="public"),
    path("public/states/<str:party>/", views.state, name="state"),
    path("public/<str:code>/", views.sheet, name="sheet"),
    path("public/<str:code>/actions.csv", views.actions_csv, name="csv"),
]
