"""Addresses of the treaties; all of them are public."""

from django.urls import path

from palermo.rooms.treaties import views

app_name = "treaties"
urlpatterns = [
    path("public/", views.public, name="public"),
    path("public/states/<str:party>/", views.state, name="state"),
    path("public/<str:code>/", views.sheet, name="sheet"),
    path("public/<str:code>/sheet.json", views.sheet_json, name="json"),
    path("public/<str:code>/changes/", views.changed, name="changes"),
    path("public/<str:code>/remarks/", views.remarks, name="remarks"),
    path("public/<str:code>/years/", views.years, name="years"),
    path("public/<str:code>/actions.csv", views.actions_csv, name="csv"),
]
