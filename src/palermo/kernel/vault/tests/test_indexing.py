"""An upgrade that changes the tags indexes everybody anew; who changes sounds or tags must say so."""

import hashlib
from typing import Any

from palermo.kernel.access.context import acting
from palermo.kernel.vault.actions import register_person
from palermo.kernel.vault.blind import EDITION, Probe, compounds
from palermo.kernel.vault.identity import Identity
from palermo.kernel.vault.indexing import index_anew
from palermo.kernel.vault.models import IndexToken, Person, SealedField
from palermo.kernel.vault.queries import search

MANY = (
    Identity(family_name="Zzvenko", given_names="Olena Mariia", aliases="Lena; Helena", birth_date="1998-05-17"),
    Identity(family_name="الحسن", given_names="محمد", birth_date="1990-01-01", nationality="SYR"),
    Identity(given_names="Abdul Karim", phone="+999 067 123 45 67"),
    Identity(given_names="Nguyễn Thị Hạnh", birth_date="2001-03", document_number="QX 123-456"),
    Identity(family_name="Шевченко", given_names="Саша"),
    Identity(given_names="O."),
)  # fmt: skip
# What the tags of MANY are made from. Where this test fails and that is meant: raise EDITION, add a migration that
# calls `index_anew`, and write the new digest here.
DIGEST = {2: "07a8d1f0c79f1fe0"}


def test_the_tags_of_an_edition_never_change() -> None:
    made = "\n".join(
        f"{kind} {compound}"
        for identity in MANY
        for kind, compound in sorted((int(kind), compound) for kind, compound in compounds(identity))
    )
    assert {EDITION: hashlib.sha256(made.encode()).hexdigest()[:16]} == DIGEST


def test_persons_of_an_earlier_edition_are_indexed_anew(people: Any) -> None:
    """As a migration does it, here with the rights of the one who holds them: the owner has more."""
    with acting(people.case_worker.viewer) as viewer:
        ids = [
            register_person(actor=viewer, organisation_id=people.organisation.pk, identity=identity).pk
            for identity in MANY
        ]
        right = set(IndexToken.objects.values_list("token", "person_id", "kind"))
        IndexToken.objects.filter(person_id__in=ids[:3]).delete()
        IndexToken.objects.create(token=b"older", person_id=ids[0], kind=5)
        Person.objects.filter(pk__in=ids[:3]).update(edition=EDITION - 1)
        assert search(viewer, Probe(name="Zzvenko Olena", birth_year=1998)) == []
        assert index_anew("default") == 3
        assert set(IndexToken.objects.values_list("token", "person_id", "kind")) == right
        assert set(Person.objects.values_list("edition", flat=True)) == {EDITION}
        assert index_anew("default") == 0
        assert search(viewer, Probe(name="Zzvenko Olena", birth_year=1998))[0].person_id == ids[0]


def test_a_field_that_was_changed_outside_does_not_stop_the_upgrade(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = register_person(actor=viewer, organisation_id=people.organisation.pk, identity=MANY[0])
        SealedField.objects.filter(person=made, field="family_name").update(ciphertext=b"x" * 80)
        Person.objects.filter(pk=made.pk).update(edition=EDITION - 1)
        assert index_anew("default") == 1
        assert search(viewer, Probe(name="Olena", birth_date="1998-05-17"))
