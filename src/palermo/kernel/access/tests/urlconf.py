"""The addresses of the kernel alone, so that its tests need no room."""

from django.urls import include, path

urlpatterns = [path("", include("palermo.web.urls")), path("account/", include("palermo.kernel.access.urls"))]
handler403 = "palermo.web.errors.forbidden"
handler404 = "palermo.web.errors.not_found"
