"""Search over sealed identities: the asker learns of his own persons only; holders elsewhere learn that he asked."""

from typing import Any

import pytest
from django.db import connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import NotFound, Refused
from palermo.kernel.vault.actions import mark_notice_seen, register_person, register_persons, settle
from palermo.kernel.vault.blind import BlindKeys, Kind, Probe, asked, stored
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.keys import keyring_in_memory
from palermo.kernel.vault.models import IndexToken, Person, SealedField
from palermo.kernel.vault.queries import notices, persons, search
from palermo.kernel.vault.scoring import score

KEYS = BlindKeys.from_ring(keyring_in_memory())
OLENA = Identity(
    family_name="Zzvenko", given_names="Olena Mariia", aliases="Lena Zzv; Helena", birth_date="1998-05-17",
    phone="+999 067 123 45 67", document_number="QX 123-456",
)  # fmt: skip


def hits(probe: Probe, identity: Identity, this_year: int = 2026) -> set[Kind]:
    sought = asked(KEYS, probe, this_year=this_year)
    return {kind for kind, tag in stored(KEYS, identity) if tag in sought.tags}


def tells(probe: Probe, identity: Identity) -> set[Kind]:
    telling = asked(KEYS, probe, this_year=2026).telling
    return {kind for kind, tag in stored(KEYS, identity) if tag in telling}


@pytest.mark.parametrize(
    ("probe", "kinds"),
    [
        (Probe(name="zzvenko OLENA", birth_year=1998), {Kind.PAIR, Kind.YEAR}),
        (Probe(name="Ззвенко Олена", birth_year=1998), {Kind.PAIR, Kind.YEAR}),
        (Probe(name="Yelena Zzvenko", birth_year=1998), {Kind.PAIR, Kind.YEAR}),
        (Probe(name="Olena Zzvenko", birth_year=1999), {Kind.PAIR, Kind.YEAR}),
        (Probe(name="Olena Zzvenko", birth_year=1988), {Kind.PAIR, Kind.YEAR}),
        (Probe(name="Olena Zzvenko", birth_year=1970), {Kind.PAIR}),
        (Probe(name="Olena Zzvenko"), {Kind.PAIR, Kind.YEAR}),
        (Probe(name="Olena", birth_year=1998), {Kind.YEAR}),
        (Probe(name="Olena", birth_date="1998-05-17"), {Kind.YEAR, Kind.DAY}),
        (Probe(name="O.", birth_date="1998-05-17"), {Kind.DAY}),
        (Probe(name="O.", birth_date="1998-05-18"), set()),
        (Probe(name="Petrov", birth_date="1998-05-17"), set()),
        (Probe(document="qx123456"), {Kind.DOCUMENT}),
        (Probe(phone="0671234567"), {Kind.PHONE}),
        (Probe(birth_year=1998), set()),
        (Probe(birth_date="1998-05-17"), set()),
        (Probe(), set()),
    ],
)
def test_a_probe_meets_the_tags_it_should(probe: Probe, kinds: set[Kind]) -> None:
    assert hits(probe, OLENA) == kinds


@pytest.mark.parametrize(
    ("probe", "kinds"),
    [
        (Probe(name="Zzvenko Olena", birth_year=1998), {Kind.PAIR_YEAR}),
        (Probe(name="Zzvenko Olena", birth_year=1999), set()),
        (Probe(name="Zzvenko Olena"), set()),
        (Probe(name="Olena", birth_date="1998-05-17"), set()),
        (Probe(document="qx123456"), {Kind.DOCUMENT}),
        (Probe(phone="0671234567"), {Kind.PHONE}),
    ],
)
def test_holders_are_told_of_strong_resemblance_alone(probe: Probe, kinds: set[Kind]) -> None:
    assert tells(probe, OLENA) == kinds


def test_an_unknown_year_of_birth_is_found_with_any_year() -> None:
    unknown = Identity(family_name="Zzvenko", given_names="Olena")
    assert hits(Probe(name="Olena Zzvenko", birth_year=1970), unknown)
    assert hits(Probe(name="Olena Zzvenko"), unknown)


def test_no_field_of_few_values_is_indexed_alone() -> None:
    for alone in (
        Identity(birth_date="1998"), Identity(birth_date="1998-05-17"), Identity(address="Zz street 1"),
        Identity(notes_on_identity="tall"),
        Identity(phone="112"), Identity(document_number="A1"),
    ):  # fmt: skip
        assert stored(KEYS, alone) == set()


def test_tags_depend_on_the_key_and_are_short() -> None:
    other = BlindKeys.from_ring(keyring_in_memory())
    assert not stored(KEYS, OLENA) & stored(other, OLENA)
    assert {len(tag) for _kind, tag in stored(KEYS, OLENA)} == {5}


def test_a_score_explains_itself_and_grows_with_the_evidence() -> None:
    def points(**asked_for: Any) -> float:
        return score(Probe(**asked_for), OLENA)[0]

    same = points(name="Olena Mariia Zzvenko", birth_year=1998)
    assert points(document="QX123456") >= 0.9
    assert (
        same > points(name="Yelena Zzvenko", birth_year=1998) > points(name="Yelena Zzvenko", birth_year=1980)
    )
    assert points(name="Somebody Else", birth_year=1998) == 0.0
    assert any("document" in why.lower() for why in score(Probe(document="QX123456"), OLENA)[1])


def register(who: Any, organisation: Any, identity: Identity = OLENA) -> Person:
    with acting(who.viewer) as viewer:
        return register_person(actor=viewer, organisation_id=organisation.pk, identity=identity)


def found(who: Any, probe: Probe) -> list[Any]:
    with acting(who.viewer) as viewer:
        return search(viewer, probe)


def test_ones_own_person_is_found_with_score_and_reasons(people: Any) -> None:
    made = register(people.case_worker, people.organisation)
    match = found(people.case_worker, Probe(name="Zzvenko Elena", birth_year=1999))[0]
    assert (match.person_id, match.code) == (made.pk, made.code)
    assert 0.35 <= match.score < 1
    assert match.why
    assert not any("venko" in why.lower() for why in match.why)


def test_a_foreign_person_is_neither_found_nor_hinted_at(people: Any) -> None:
    probe = Probe(name="Olena Zzvenko", birth_year=1998, document="QX123456")
    before = found(people.other_worker, probe)
    made = register(people.case_worker, people.organisation)
    after = found(people.other_worker, probe)
    assert before == after == []
    with acting(people.other_worker.viewer):
        details = list(Entry.objects.filter(action="vault.person.search").values_list("detail", flat=True))
        assert details == [{"shown": 0}, {"shown": 0}]
        assert not Entry.objects.filter(object_id=made.pk).exists()
        assert not Person.objects.exists()


def test_a_search_does_the_same_work_found_or_not(people: Any) -> None:
    """The same statements and one waiting row in both cases: nothing is written that depends on foreign matches."""
    register(people.case_worker, people.organisation)
    counts = []
    for name in ("Olena Zzvenko", "Nobody Atall"):
        with acting(people.other_worker.viewer) as viewer, CountedQueries() as counted:
            search(viewer, Probe(name=name, birth_year=1998))
        counts.append(counted.statements)
    assert len(counts[0]) == len(counts[1])
    assert [s.split()[0] for s in counts[0]] == [s.split()[0] for s in counts[1]]
    with connection.cursor() as cursor, acting(people.case_worker.viewer):
        cursor.execute("SELECT count(*) FROM vault_matchnotice")
        assert cursor.fetchone() == (0,), "notices are written later, outside the asker's request"


class CountedQueries:
    def __enter__(self) -> "CountedQueries":
        from django.test.utils import CaptureQueriesContext

        self.capture = CaptureQueriesContext(connection)
        self.capture.__enter__()
        return self

    def __exit__(self, *args: Any) -> None:
        self.capture.__exit__(*args)
        self.statements = [query["sql"] for query in self.capture.captured_queries]


def test_the_holder_is_told_who_asked_and_may_mark_it(people: Any) -> None:
    made = register(people.case_worker, people.organisation)
    for _twice in range(2):
        found(people.other_worker, Probe(name="Olena Zzvenko", birth_year=1998))
    with acting(people.case_worker.viewer) as viewer:
        notice = notices(viewer).get()
        assert (notice.person_id, notice.asking_id) == (made.pk, people.other_organisation.pk)
        assert mark_notice_seen(actor=viewer, notice_id=notice.pk).seen_at is not None
    with acting(people.other_worker.viewer) as viewer:
        assert not notices(viewer).exists()
        with pytest.raises(NotFound):
            mark_notice_seen(actor=viewer, notice_id=notice.pk)


def test_weak_resemblance_and_colleagues_raise_no_notice(people: Any) -> None:
    register(people.case_worker, people.organisation)
    found(people.other_worker, Probe(name="Olena Zzvenko", birth_year=1999))
    found(people.other_worker, Probe(name="Olena Zzvenko"))
    found(people.supervisor, Probe(name="Olena Zzvenko", birth_year=1998))
    with acting(people.case_worker.viewer) as viewer:
        assert not notices(viewer).exists()


def test_who_may_search(people: Any) -> None:
    for other in (people.analyst, people.administrator, people.coordinator, people.stranger):
        with acting(other.viewer) as viewer, pytest.raises(Refused):
            search(viewer, Probe(name="Olena Zzvenko"))
    with acting(Viewer.operator()) as viewer, pytest.raises(Refused):
        search(viewer, Probe(name="Olena Zzvenko"))


def test_a_batch_is_registered_and_found(people: Any) -> None:
    batch = [
        Identity(family_name=f"Zz{chr(97 + n)}ova", given_names="Olena", birth_date="1998") for n in range(20)
    ]
    with acting(Viewer.operator()) as operator:
        ids = register_persons(
            actor=operator, organisation_id=people.organisation.pk, identities=batch,
            grantee=("unit", people.unit.pk),
        )  # fmt: skip
        assert not SealedField.objects.exists()
        assert not IndexToken.objects.exists()
        assert persons(operator).count() == 20
    match = found(people.case_worker, Probe(name="olena Zzcova", birth_year=1998))[0]
    assert match.person_id == ids[2]
    with acting(people.case_worker.viewer):
        assert SealedField.objects.filter(person_id=ids[2]).count() == 3
    assert found(people.other_worker, Probe(name="olena Zzcova", birth_year=1998)) == []


def test_settling_twice_changes_nothing(people: Any) -> None:
    found(people.case_worker, Probe(name="Olena Zzvenko", birth_year=1998))
    with acting(Viewer.operator()):
        settle()
        assert settle() == 0


def test_nobody_searches_without_being_signed_in(people: Any) -> None:
    from django.db.utils import ProgrammingError

    with (
        acting(Viewer.anonymous()),
        pytest.raises(ProgrammingError, match="nobody"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM vault_search('{}', '{}', '{}')")
