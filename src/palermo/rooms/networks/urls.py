"""Addresses of networks. They hold random ids, never a name."""

from django.urls import path

from palermo.rooms.networks import views

app_name = "networks"
urlpatterns = [
    path("", views.network_list, name="list"),
    path("new/", views.open_network, name="open"),
    path("figures/", views.figures, name="figures"),
    path("notify/", views.notify, name="notify"),
    path("notify/<uuid:draft_id>/", views.edit_draft, name="draft"),
    path("notify/<uuid:draft_id>/send/", views.send, name="send"),
    path("notify/<uuid:draft_id>/anonymous/", views.anonymous, name="anonymous"),
    path("notify/<uuid:draft_id>/drop/", views.drop, name="drop"),
    path("thanks/", views.thanks, name="thanks"),
    path("answers/", views.inbox, name="inbox"),
    path("notifications/<uuid:notification_id>/", views.notification, name="notification"),
    path("notifications/<uuid:notification_id>/answer/", views.answer, name="answer"),
    path("members/<uuid:member_id>/", views.member, name="member"),
    path("members/<uuid:member_id>/do/<slug:event>/", views.move_member, name="move"),
    path("members/<uuid:member_id>/training/", views.training, name="training"),
    path("<uuid:network_id>/", views.network, name="network"),
    path("<uuid:network_id>/guide/", views.guide, name="guide"),
    path("<uuid:network_id>/join/", views.join, name="join"),
    path("<uuid:network_id>/people/", views.people, name="people"),
    path("<uuid:network_id>/invite/", views.invite, name="invite"),
    path("<uuid:network_id>/sent/", views.sent, name="sent"),
    path("<uuid:network_id>/edit/", views.edit_network, name="edit"),
    path("<uuid:network_id>/close/", views.close_network, name="close"),
    path("<uuid:network_id>/figures/", views.network_figures, name="network-figures"),
]
