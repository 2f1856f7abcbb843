"""Addresses of the case law. Under public/ is only what was published."""

from django.urls import path

from palermo.rooms.caselaw import views

app_name = "caselaw"
urlpatterns = [
    path("", views.cases, name="list"),
    path("public/", views.public, name="public"),
    path("public/feed.xml", views.feed, name="feed"),
    path("public/cases.csv", views.as_csv, name="csv"),
    path("public/cases.json", views.all_json, name="all-json"),
    path("public/<str:palermo_id>/", views.case, name="case"),
    path("public/<str:palermo_id>/record.json", views.as_json, name="json"),
    path("<uuid:case_id>/", views.draft, name="draft"),
    path("new/", views.begin, name="begin"),
    path("kept/", views.kept, name="kept"),
    path("kept/<uuid:search_id>/", views.look_again, name="look-again"),
    path("kept/<uuid:search_id>/forget/", views.forget, name="forget"),
    path("<uuid:case_id>/step/", views.step, name="step"),
    path("<uuid:case_id>/section/<str:section>/", views.section, name="section"),
    path("<uuid:case_id>/section/<str:section>/<int:row>/", views.row, name="row"),
    path("<uuid:case_id>/remark/", views.remark, name="remark"),
    path("<uuid:case_id>/return/", views.send_back, name="return"),
    path("<uuid:case_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:case_id>/merge/", views.merge, name="merge"),
    path("<uuid:case_id>/redact/", views.redact, name="redact"),
]
