"""Addresses of the shell's own pages. The page of every component exists only while developing and in tests."""

from django.conf import settings
from django.urls import path

from palermo.web import drafts, styleguide, views

app_name = "web"
urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("deadlines/", views.deadlines, name="deadlines"),
    path("public/", views.public, name="public"),
    path("about/", views.about, name="about"),
    path("drafts/", drafts.page, name="drafts"),
    path("drafts/worker.js", drafts.worker, name="drafts-worker"),
    path("drafts/link/", drafts.link, name="drafts-link"),
    path("confirmed/", views.confirmed, name="confirmed"),
    path("leave/", views.leave, name="leave"),
    path("theme/", views.theme, name="theme"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
]
if settings.DEBUG:
    urlpatterns += [
        path("styleguide/", styleguide.components, name="styleguide"),
        path("styleguide/errors/<int:status>/", styleguide.error, name="styleguide-error"),
    ]
