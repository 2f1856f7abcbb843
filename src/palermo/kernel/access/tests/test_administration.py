"""The administrator's pages: accounts, roles, the directory; what they tell, refuse and end."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access import accounts, notices, recovery
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.tests.signing import (
    PASSWORD,
    closed,
    give_password,
    with_authenticator,
    with_password,
)
from palermo.kernel.access.viewer import Viewer, viewer_for
from palermo.kernel.errors import Refused, StepUpNeeded
from palermo.kernel.organisations import actions as directory
from palermo.kernel.organisations import proposals
from palermo.kernel.organisations.models import Membership, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.urls("palermo.kernel.access.tests.urlconf")]


WHY = "Starts at the day desk next week."


@pytest.fixture
def admin(people: Any, client_for: Any) -> Client:
    client: Client = client_for(people.administrator)
    return client


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("account_sessions")).status_code == 200)


def test_a_new_colleague_sets_his_password_by_a_link_that_works_once(people: Any, admin: Client) -> None:
    page = admin.post(
        reverse("administration:new_user"),
        {"username": "New.Colleague", "display_name": "Nadia Example", "language": "fr"},
    )
    assert page.status_code == 200
    link = page.context["link"]
    made = User.objects.get(username="new.colleague")
    assert not made.has_usable_password()

    colleague = Client()
    answer = colleague.get(link)
    assert answer.headers["Location"] == reverse("account_first_password")
    form = {"password": PASSWORD, "again": PASSWORD}
    assert colleague.post(reverse("account_first_password"), form).headers["Location"] == reverse(
        "account_login"
    )
    assert Client().get(link).status_code == 404
    give_password(colleague, "new.colleague")
    assert colleague.get(reverse("web:home")).headers["Location"] == reverse("account_enrol")


def test_a_weak_password_is_refused_with_its_reason(people: Any) -> None:
    path = accounts.password_path(people.analyst.user)
    client = Client()
    client.get(path)
    page = client.post(
        reverse("account_first_password"), {"password": "password1234", "again": "password1234"}
    )
    assert page.status_code == 200
    assert page.context["form"].errors["password"]


def test_a_wrong_old_or_foreign_link_is_not_found(people: Any) -> None:
    good = accounts.LINK.make_token(people.analyst.user)
    for user_id, token in (
        (uuid4(), good),
        (people.case_worker.pk, good),
        (people.analyst.pk, good[:-1] + "x"),
    ):
        assert Client().get(reverse("account_password_link", args=[user_id, token])).status_code == 404
    assert Client().get(reverse("account_first_password")).status_code == 404
    closed(people.analyst.user)
    assert Client().get(reverse("account_password_link", args=[people.analyst.pk, good])).status_code == 404


def test_closing_an_account_ends_its_sessions_at_once(people: Any, admin: Client, client_for: Any) -> None:
    worker = client_for(people.case_worker)
    assert is_in(worker)
    admin.post(reverse("administration:close_user", args=[people.case_worker.pk]))
    assert not is_in(worker)
    asked = admin.post(
        reverse("administration:close_user", args=[people.case_worker.pk]), {"open": "1", "why-reason": WHY}
    )
    assert not User.objects.get(pk=people.case_worker.pk).is_active, "a second person has to agree"
    client_for(people.supervisor).post(asked.headers["Location"], {"deed": "agree"})
    assert User.objects.get(pk=people.case_worker.pk).is_active


def test_an_account_without_a_role_is_opened_again_at_once(people: Any, admin: Client) -> None:
    url = reverse("administration:close_user", args=[people.stranger.pk])
    admin.post(url)
    assert not User.objects.get(pk=people.stranger.pk).is_active
    admin.post(url, {"open": "1"})
    assert User.objects.get(pk=people.stranger.pk).is_active


def test_a_new_link_for_an_account_without_a_role_takes_the_factors_away(
    people: Any, admin: Client, client_for: Any
) -> None:
    stranger = with_password(people.stranger.user)
    with_authenticator(stranger)
    signed_in = client_for(stranger)
    assert is_in(signed_in)
    page = admin.post(reverse("administration:reset_user", args=[stranger.pk]))
    assert page.context["link"]
    assert not is_in(signed_in)
    stranger.refresh_from_db()
    assert not stranger.has_usable_password()


def test_who_holds_a_role_gets_no_new_link_from_an_administrator(people: Any, admin: Client) -> None:
    worker = with_password(people.case_worker.user)
    url = reverse("administration:reset_user", args=[worker.pk])
    assert b"Say in a sentence why" in admin.post(url).content
    assert admin.post(url, {"why-reason": WHY}).status_code == 302
    worker.refresh_from_db()
    assert worker.has_usable_password()
    with acting(people.administrator.viewer) as viewer, pytest.raises(Refused):
        recovery.new_link(actor=viewer, user_id=worker.pk)


def test_roles_are_asked_for_and_ended_and_supervisors_are_told(
    people: Any, admin: Client, client_for: Any
) -> None:
    url = reverse("administration:give_role", args=[people.stranger.pk])
    form = {"organisation": str(people.organisation.pk), "role": "case_manager", "reason": WHY}
    asked = admin.post(url, form)
    assert asked.status_code == 302
    assert b"already" in admin.post(url, form).content
    assert not Membership.objects.filter(user=people.stranger.user).exists()
    client_for(people.supervisor).post(asked.headers["Location"], {"deed": "agree"})
    with acting(people.supervisor.viewer) as viewer:
        assert [n.kind for n in notices.unseen(viewer)] == ["role_given"]
    assert b"already" in admin.post(url, form).content
    membership = Membership.objects.get(user=people.stranger.user)
    end = reverse("administration:end_role", args=[people.stranger.pk, membership.pk])
    assert admin.post(end, {"version": "7"}).status_code == 412
    assert admin.post(end, {"version": "1"}).status_code == 302
    membership.refresh_from_db()
    assert membership.ended_at is not None


def test_administrators_do_not_change_themselves(people: Any) -> None:
    own = people.administrator.pk
    with acting(people.administrator.viewer) as viewer:
        with pytest.raises(Refused):
            proposals.ask_for_role(
                actor=viewer, user_id=own, organisation=people.organisation, role="supervisor", reason=WHY
            )
        for change in (accounts.deactivate, recovery.new_link):
            with pytest.raises(Refused):
                change(actor=viewer, user_id=own)


def test_changes_of_accounts_ask_for_a_fresh_second_factor(people: Any) -> None:
    stale = viewer_for(people.administrator.user)
    with acting(stale):
        with pytest.raises(StepUpNeeded):
            accounts.create_user(actor=stale, username="somebody")
        with pytest.raises(StepUpNeeded):
            proposals.ask_for_role(
                actor=stale, user_id=people.stranger.pk, organisation=people.organisation, role="analyst"
            )


def test_step_up_leads_to_the_second_factor_and_back(people: Any, client_for: Any) -> None:
    from palermo.kernel.access.second_factor import RECORDS
    from palermo.kernel.access.tests.signing import code_of

    seed = with_authenticator(people.administrator.user)
    client = client_for(people.administrator)
    session = client.session
    session[RECORDS] = [{"method": "mfa", "type": "totp", "at": 1.0}]
    session.save()
    page = reverse("administration:new_user")
    answer = client.get(page, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate"))
    back = client.post(reverse("mfa_reauthenticate"), {"code": code_of(seed), "next": page})
    assert back.headers["Location"] == page
    assert client.get(page).status_code == 200


def test_the_directory_is_searched_changed_and_never_overwritten(people: Any, admin: Client) -> None:
    url = reverse("administration:organisations")
    assert b"Harbour House" in admin.get(url, {"q": "harbour"}).content
    assert b"No organisation found" in admin.get(url, {"q": "nothing of this name"}).content
    form = {"name": "Quay Clinic", "kind": "HealthServiceOrganisation"}
    made = admin.post(reverse("administration:new_organisation"), form)
    found = Organisation.objects.get(name="Quay Clinic")
    page = reverse("administration:organisation", args=[found.pk])
    assert made.headers["Location"] == page
    changed = {**form, "name": "Quay Health Clinic", "version": "1"}
    assert admin.post(page, changed).status_code == 302
    stale = admin.post(page, {**form, "name": "Older Name", "version": "1"})
    assert stale.status_code == 412
    assert b"Quay Health Clinic" in stale.content
    again = admin.post(reverse("administration:new_organisation"), {**form, "name": "Harbour House"})
    assert again.status_code == 200
    assert again.context["form"].errors["name"]
    admin.post(reverse("administration:add_unit", args=[found.pk]), {"name": "Night desk"})
    assert b"Night desk" in admin.get(page).content


def test_the_lists_open_and_search(people: Any, admin: Client) -> None:
    page = admin.get(reverse("administration:users"), {"q": "case-w"}).content.decode()
    assert "case-worker" in page
    assert "prosecutor" not in page
    assert b"No account found" in admin.get(reverse("administration:users"), {"q": "zzz"}).content
    assert admin.get(reverse("administration:user", args=[people.case_worker.pk])).status_code == 200


def test_the_command_line_makes_the_first_administrator(db: None) -> None:
    with acting(Viewer.operator()) as operator:
        house = directory.add_organisation(actor=operator, name="National Office Two", kind="NGO")
        made, path = accounts.create_user(actor=operator, username="first.admin")
        asked = proposals.ask_for_role(
            actor=operator, user_id=made.pk, organisation=house, role="administrator"
        )
        _done, link = recovery.agree(actor=operator, proposal_id=asked.pk)
    assert viewer_for(made).has("administrator")
    assert Client().get(path).status_code == 404
    assert Client().get(link).status_code == 302
