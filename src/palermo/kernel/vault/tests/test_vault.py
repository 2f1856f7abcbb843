"""Persons in the vault: registered, revealed, corrected, erased; and what a stranger with raw SQL gets."""

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from palermo.kernel.access.context import acting
from palermo.kernel.access.notices import mine as notices_of
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound, Refused, Stale, StepUpNeeded
from palermo.kernel.vault.actions import erase, register_person, reveal, update_identity
from palermo.kernel.vault.actions.persons import transaction_start
from palermo.kernel.vault.codes import parse_code
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.models import IndexToken, OrganisationKey, Person, SealedField
from palermo.kernel.vault.queries import person, persons

AMINA = Identity(
    family_name="Zzinvented", given_names="Amina", birth_date="1998-05", phone="+999 670001122",
    document_number="QQ1234567", notes_on_identity="A scar\non the left hand",
)  # fmt: skip
BERTA = Identity(family_name="Qqinvented", given_names="Berta", birth_date="1990-01-02")


def register(people: Any, identity: Identity = AMINA, **more: Any) -> Person:
    with acting(people.case_worker.viewer) as viewer:
        return register_person(
            actor=viewer, organisation_id=people.organisation.pk, identity=identity, **more
        )


def shown(who: Any, person_id: uuid.UUID, **more: Any) -> Any:
    with acting(who.viewer) as viewer:
        return reveal(actor=viewer, person_id=person_id, purpose="identify", **more)


def run(statement: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def test_what_was_registered_is_revealed_and_nothing_is_in_clear_text(people: Any) -> None:
    made = register(people, is_child=True)
    assert parse_code(made.code) == made.code
    assert shown(people.case_worker, made.pk) == AMINA.filled()
    assert shown(people.case_worker, made.pk, fields=["phone"]) == {"phone": AMINA.phone}
    with acting(people.case_worker.viewer):
        stored = b"".join(bytes(row.ciphertext) for row in SealedField.objects.filter(person=made))
        entries = [str(vars(entry)) for entry in Entry.objects.filter(object_id=made.pk)]
    for value in AMINA.filled().values():
        assert value.encode() not in stored
        assert not any(value in entry for entry in entries)
    assert "Zzinvented" not in repr(AMINA) + str(made) + repr(made)


def test_a_reveal_leaves_a_trace_with_purpose_and_fields(people: Any) -> None:
    made = register(people)
    shown(people.case_worker, made.pk, fields=["family_name", "phone"])
    with acting(people.case_worker.viewer):
        entry = Entry.objects.filter(object_id=made.pk, action="vault.identity.reveal").get()
    assert entry.actor == people.case_worker.pk
    assert entry.purpose == "identify"
    assert entry.fields == ["family_name", "phone"]


def test_a_failing_audit_shows_no_identity(people: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = register(people)
    opened: list[Any] = []
    monkeypatch.setattr("palermo.kernel.vault.actions.reveals.opened", lambda *a: opened.append(a))

    def broken(**_given: Any) -> int:
        raise DatabaseError("the audit is full")

    monkeypatch.setattr("palermo.kernel.vault.actions.reveals.record", broken)
    with pytest.raises(DatabaseError), acting(people.case_worker.viewer) as viewer:
        reveal(actor=viewer, person_id=made.pk, purpose="identify")
    assert opened == []


def test_words_of_ones_own_do_not_reach_the_audit(people: Any) -> None:
    made = register(people)
    with acting(people.case_worker.viewer) as viewer:
        reveal(actor=viewer, person_id=made.pk, purpose="Amina Zzinvented wants this")
        assert Entry.objects.filter(action="vault.identity.reveal").latest("seq").purpose == "other"


def test_a_reveal_needs_grant_purpose_and_a_fresh_sign_in(people: Any) -> None:
    made = register(people)
    for other in (people.other_worker, people.administrator, people.coordinator, people.stranger):
        with pytest.raises(NotFound), acting(other.viewer) as viewer:
            reveal(actor=viewer, person_id=made.pk, purpose="identify")
    with pytest.raises(NotFound), acting(Viewer.operator()) as viewer:
        reveal(actor=viewer, person_id=made.pk, purpose="identify")
    with acting(people.case_worker.viewer) as viewer:
        with pytest.raises(NotFound):
            reveal(actor=viewer, person_id=uuid.uuid4(), purpose="identify")
        with pytest.raises(Invalid):
            reveal(actor=viewer, person_id=made.pk, purpose=" ")
        with pytest.raises(Invalid):
            reveal(actor=viewer, person_id=made.pk, fields=["wrapped_key"], purpose="identify")
    tired = Viewer(
        "person", viewer.user_id, viewer.roles, viewer.organisation_ids, viewer.unit_ids, viewer.session_ref
    )
    with pytest.raises(StepUpNeeded), acting(tired):
        reveal(actor=tired, person_id=made.pk, purpose="identify")


@pytest.mark.parametrize(
    "table", ["vault_person", "vault_sealedfield", "vault_indextoken", "vault_matchnotice"]
)
def test_a_stranger_gets_no_row_with_raw_sql(people: Any, table: str) -> None:
    register(people)
    with acting(people.case_worker.viewer):
        assert run(f"SELECT count(*) FROM {table}")[0][0] > 0 or table == "vault_matchnotice"
    for viewer in (
        people.other_worker.viewer,
        people.supervisor.viewer,
        people.stranger.viewer,
        Viewer.anonymous(),
    ):
        with acting(viewer):
            assert run(f"SELECT count(*) FROM {table}") == [(0,)]
    with acting(Viewer.operator()):
        if table != "vault_person":
            assert run(f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_grant_on_the_case_alone_opens_no_identity(people: Any) -> None:
    from palermo.kernel.access.actions import grant

    made = register(people)
    with acting(people.case_worker.viewer) as viewer:
        grant(
            actor=viewer, object_kind="person", object_id=made.pk, grantee_kind="person",
            grantee_id=people.supervisor.pk, scopes=["case"], purpose="service", valid_from=transaction_start(),
        )  # fmt: skip
    with acting(people.supervisor.viewer) as viewer:
        assert person(viewer, made.pk).code == made.code
        assert list(persons(viewer)) == [made]
        assert not SealedField.objects.exists()
        with pytest.raises(NotFound):
            reveal(actor=viewer, person_id=made.pk, purpose="identify")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vault_sealedfield SET ciphertext = ''",
        "DELETE FROM vault_indextoken",
        "DELETE FROM vault_sealedfield",
        "UPDATE vault_person SET version = 9",
        "DELETE FROM vault_organisationkey",
        "UPDATE vault_organisationkey SET wrapped = ''",
    ],
)
def test_a_stranger_changes_no_row_with_raw_sql(people: Any, statement: str) -> None:
    made = register(people)
    with acting(people.other_worker.viewer), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0
    assert shown(people.case_worker, made.pk) == AMINA.filled()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM vault_person",
        "SELECT * FROM vault_pendingprobe",
        "INSERT INTO vault_matchnotice SELECT * FROM vault_matchnotice",
        "TRUNCATE vault_sealedfield",
    ],
)
def test_nobody_does_this_as_the_application(people: Any, statement: str) -> None:
    register(people)
    with acting(people.case_worker.viewer), pytest.raises(DatabaseError), transaction.atomic():
        run(statement)


def _swap(table_of_what: str, people: Any) -> Person:
    one, two = register(people), register(people, BERTA)
    with acting(people.case_worker.viewer):
        if table_of_what == "person":
            run(
                "UPDATE vault_sealedfield SET ciphertext = (SELECT ciphertext FROM vault_sealedfield "
                "WHERE person_id = %s AND field = 'family_name') WHERE person_id = %s AND field = 'family_name'",
                two.pk, one.pk,
            )  # fmt: skip
        elif table_of_what == "person and key":
            run(
                "UPDATE vault_sealedfield SET ciphertext = (SELECT ciphertext FROM vault_sealedfield "
                "WHERE person_id = %s AND field = 'family_name') WHERE person_id = %s AND field = 'family_name'",
                two.pk, one.pk,
            )  # fmt: skip
            run("UPDATE vault_person SET wrapped_key = (SELECT wrapped_key FROM vault_person WHERE id = %s) "
                "WHERE id = %s", two.pk, one.pk)  # fmt: skip
        else:
            run(
                "UPDATE vault_sealedfield SET ciphertext = (SELECT ciphertext FROM vault_sealedfield "
                "WHERE person_id = %s AND field = 'given_names') WHERE person_id = %s AND field = 'family_name'",
                one.pk, one.pk,
            )  # fmt: skip
    return one


@pytest.mark.parametrize("what", ["person", "column", "person and key"])
def test_a_ciphertext_pasted_elsewhere_is_refused_and_told(people: Any, what: str) -> None:
    one = _swap(what, people)
    found = shown(people.case_worker, one.pk)
    assert "family_name" in found.tampered
    assert "family_name" not in found
    if what != "person and key":
        assert found["phone"] == AMINA.phone, "the other fields still open"
    with acting(people.case_worker.viewer):
        alarm = Entry.objects.get(action="vault.identity.tampered", object_id=one.pk)
    assert alarm.result == "alarm"
    assert "family_name" in alarm.fields


@pytest.mark.parametrize("also", ["", "row_version", "everything of the field"])
def test_an_older_version_put_back_is_refused(people: Any, also: str) -> None:
    made = register(people)
    with acting(people.case_worker.viewer) as viewer:
        old = SealedField.objects.get(person=made, field="family_name")
        update_identity(actor=viewer, person_id=made.pk, identity=BERTA, expected_version=1)
        row = SealedField.objects.filter(person=made, field="family_name")
        row.update(ciphertext=old.ciphertext)
        if also:
            row.update(row_version=old.row_version)
    found = shown(people.case_worker, made.pk)
    assert found.tampered == ("family_name",)
    assert found["given_names"] == "Berta"


def test_an_update_replaces_the_identity_and_its_tokens(people: Any) -> None:
    made = register(people)
    with acting(people.case_worker.viewer) as viewer:
        before = set(IndexToken.objects.values_list("token", flat=True))
        changed = update_identity(actor=viewer, person_id=made.pk, identity=BERTA, expected_version=1)
        after = set(IndexToken.objects.values_list("token", flat=True))
        entry = Entry.objects.get(action="vault.identity.update")
    assert changed.version == 2
    assert not {bytes(token) for token in before} & {bytes(token) for token in after}
    assert shown(people.case_worker, made.pk) == BERTA.filled()
    assert {"family_name", "phone"} <= set(entry.fields)


def test_a_stale_save_changes_nothing_and_hides_what_is_there_now(people: Any) -> None:
    made = register(people)
    with acting(people.case_worker.viewer) as viewer:
        update_identity(actor=viewer, person_id=made.pk, identity=BERTA, expected_version=1)
        with pytest.raises(Stale) as caught:
            update_identity(actor=viewer, person_id=made.pk, identity=AMINA, expected_version=1, base=AMINA)
    assert caught.value.base == caught.value.mine == AMINA.filled()
    assert caught.value.theirs["version"] == 2
    assert "Qqinvented" not in str(caught.value.theirs)
    assert shown(people.case_worker, made.pk) == BERTA.filled()


def test_an_erased_person_is_gone_for_good(people: Any) -> None:
    made = register(people, grantees=[("person", people.supervisor.pk)])
    with acting(people.case_worker.viewer) as viewer, pytest.raises(NotFound):
        erase(actor=viewer, person_id=made.pk, reason="request")
    with acting(people.supervisor.viewer) as viewer:
        kept = SealedField.objects.get(person=made, field="family_name")
        erase(actor=viewer, person_id=made.pk, reason="request")
        assert not SealedField.objects.filter(person=made).exists()
        assert not IndexToken.objects.filter(person=made).exists()
        assert bytes(Person.objects.get(pk=made.pk).wrapped_key) == b""
        SealedField.objects.bulk_create([kept])
        with pytest.raises(Conflict) as caught:
            reveal(actor=viewer, person_id=made.pk, purpose="identify")
        assert Entry.objects.get(action="vault.person.erase").purpose == "request"
    assert caught.value.state == "erased"


def test_many_reveals_are_stopped_and_told(people: Any, settings: Any) -> None:
    settings.PALERMO_REVEALS_PER_HOUR = 3
    made = [register(people, BERTA) for _number in range(4)]
    for one in made[:3]:
        shown(people.case_worker, one.pk)
        shown(people.case_worker, one.pk)
    with pytest.raises(Refused) as caught:
        shown(people.case_worker, made[3].pk)
    assert caught.value.rule == "vault.reveals_per_hour"
    assert shown(people.case_worker, made[0].pk), "work on the same persons goes on"
    with acting(people.supervisor.viewer) as viewer:
        notice = notices_of(viewer).get(kind="mass_reveal")
    assert notice.about_id == people.case_worker.pk
    with acting(people.case_worker.viewer):
        assert Entry.objects.filter(action="vault.identity.mass_reveal", result="alarm").count() == 1


def test_one_registers_for_ones_own_organisation(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Refused):
        register_person(actor=viewer, organisation_id=people.other_organisation.pk, identity=AMINA)
    with acting(people.analyst.viewer) as viewer, pytest.raises(Refused):
        register_person(actor=viewer, organisation_id=viewer.organisation_ids[0], identity=AMINA)
    assert not OrganisationKey.objects.filter(organisation=people.other_organisation).exists()


def test_a_bad_identity_lists_every_problem_and_repeats_no_value(people: Any) -> None:
    bad = Identity(family_name="Zz\x00", birth_date="the 5th", phone="1" * 201)
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid) as caught:
        register_person(actor=viewer, organisation_id=people.organisation.pk, identity=bad)
    assert {problem.field for problem in caught.value.problems} == {"family_name", "birth_date", "phone"}
    assert "Zz" not in str(caught.value.problems)
