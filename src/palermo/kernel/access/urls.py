"""Signing in, one's own account, administration. Only what palermo uses of allauth has an address."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_required
from django.urls import include, path

from palermo.kernel.access import account_views as views
from palermo.kernel.access import admin_views as admin
from palermo.kernel.access import proposal_views as proposals
from palermo.kernel.jobs.views import jobs

administration = [
    path("users/", admin.users, name="users"),
    path("users/new/", admin.new_user, name="new_user"),
    path("users/<uuid:user_id>/", admin.user, name="user"),
    path("users/<uuid:user_id>/close/", admin.close_user, name="close_user"),
    path("users/<uuid:user_id>/reset/", admin.reset_user, name="reset_user"),
    path("users/<uuid:user_id>/roles/", admin.give_role, name="give_role"),
    path("users/<uuid:user_id>/roles/<uuid:membership_id>/end/", admin.end_role, name="end_role"),
    path("jobs/", jobs, name="jobs"),
    path("organisations/", admin.organisations, name="organisations"),
    path("organisations/new/", admin.new_organisation, name="new_organisation"),
    path("organisations/<uuid:organisation_id>/", admin.organisation, name="organisation"),
    path("organisations/<uuid:organisation_id>/units/", admin.add_unit, name="add_unit"),
    path("organisations/<uuid:organisation_id>/move/", admin.move_unit, name="move_unit"),
]

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path(
        "password/first/<uuid:user_id>/<str:token>/", views.open_password_link, name="account_password_link"
    ),
    path("password/first/", views.set_first_password, name="account_first_password"),
    path("enrol/", views.enrol, name="account_enrol"),
    path("sessions/", views.sessions, name="account_sessions"),
    path("sessions/end/", views.end_sessions, name="account_end_sessions"),
    path("notices/", views.my_notices, name="account_notices"),
    path("reminders/", views.my_reminders, name="account_reminders"),
    path("emergencies/<uuid:grant_id>/", admin.emergency, name="account_emergency"),
    path("requests/", proposals.requests, name="account_requests"),
    path("requests/<uuid:proposal_id>/", proposals.one_request, name="account_request"),
    path("recovery/", proposals.ask_for_recovery, name="account_recovery"),
    path("second-factor/authenticate/", proposals.SecondFactor.as_view(), name="mfa_authenticate"),
    path(
        "second-factor/reauthenticate/",
        login_required(views.ConfirmAgain.as_view()),
        name="mfa_reauthenticate",
    ),
    path("second-factor/totp/activate/", views.UseAuthenticator.as_view(), name="mfa_activate_totp"),
    path("second-factor/webauthn/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("administration/", include((administration, "administration"))),
]
