"""Addresses of the door. Those for the person begin with the language and hold nothing else: no id, no code."""

from django.urls import path

from palermo.rooms.door import views

app_name = "door"
urlpatterns = [
    path("desk/", views.inbox, name="inbox"),
    path("desk/settings/", views.desk, name="desk"),
    path("desk/<uuid:request_id>/", views.request_page, name="request"),
    path("desk/<uuid:request_id>/phone/", views.phone, name="phone"),
    path("desk/<uuid:request_id>/<slug:act>/", views.request_act, name="act"),
    path("case/<uuid:case_id>/", views.of_case, name="of-case"),
    path("case/<uuid:case_id>/give/", views.page_give, name="give"),
    path("case/<uuid:case_id>/end/", views.page_end, name="end"),
    path("case/<uuid:case_id>/question/", views.question, name="question"),
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/<uuid:complaint_id>/", views.complaint, name="complaint"),
    path("complaints/<uuid:complaint_id>/<slug:event>/", views.complaint_move, name="judge"),
    path("feedback/", views.feedback, name="feedback"),
    path("<slug:lang>/", views.rights, name="rights"),
    path("<slug:lang>/help/", views.steps, name="steps"),
    path("<slug:lang>/services/", views.services, name="services"),
    path("<slug:lang>/safety/", views.safety, name="safety"),
    path("<slug:lang>/ask/", views.ask, name="ask"),
    path("<slug:lang>/code/", views.code, name="code"),
    path("<slug:lang>/write/", views.write, name="write"),
    path("<slug:lang>/erase/", views.erase, name="erase"),
    path("<slug:lang>/mine/take-back/", views.take_back, name="take-back"),
    path("<slug:lang>/mine/answer/", views.answer, name="answer"),
    path("<slug:lang>/mine/feedback/", views.feedback_say, name="say"),
    path("<slug:lang>/mine/complaint/", views.complain, name="complain"),
    path("<slug:lang>/mine/appeal/", views.appeal, name="appeal"),
]
