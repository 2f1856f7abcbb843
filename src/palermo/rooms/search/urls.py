"""The address of the search; it is public."""

from django.urls import path

from palermo.rooms.search import views

app_name = "search"
urlpatterns = [path("", views.page, name="page")]
