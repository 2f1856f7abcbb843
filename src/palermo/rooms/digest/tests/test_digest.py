"""Findings by two persons, counts of cases, editions that stay, names that go."""

import random
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import Conflict, Invalid, Refused
from palermo.rooms.caselaw import actions as caselaw
from palermo.rooms.caselaw.models import Case
from palermo.rooms.digest import actions, queries
from palermo.rooms.digest.actions.starter import FINDINGS, INTROS
from palermo.rooms.digest.models import Edition, Finding
from palermo.rooms.digest.queries.offered import SOURCE, concept_links
from palermo.rooms.digest.tests.conftest import brought, case, finding
from palermo.standards.evidence import below, issues
from palermo.web.searched import Asked

pytestmark = pytest.mark.django_db
FORM = {
    "issue": "consent", "stage": "appeal", "standing": "ruling", "bears_on": "means", "direction": "strengthens",
    "note": "Consent did not count.", "note_language": "en",
}  # fmt: skip


def page(name: str, *args: Any, **asked: Any) -> str:
    return Client().get(reverse(f"digest:{name}", args=args), asked).content.decode()


def moved(client: Any, one: Any, step: str, who: Any) -> int:
    way = reverse("digest:step", args=["finding", one.pk])
    answer = client.post(way, {"step": step, "version": one.version, "why": "Not yet."})
    with acting(who.viewer):
        one.refresh_from_db()
    return int(answer.status_code)


def test_from_a_form_to_the_public_by_two_persons(people: Any, cases: Any) -> None:
    editor, second = signed_in_client(people.editor), signed_in_client(people.coordinator)
    assert "State v. Two" in editor.get(reverse("digest:choose"), {"q": "two"}).content.decode()
    way = reverse("digest:new_finding", args=["one"])
    bad = editor.post(way, {**FORM, "quote": "They agreed."}).content.decode()
    assert "Say where in the decision these words stand." in bad
    assert editor.post(way, FORM).status_code == 302
    with acting(people.editor.viewer):
        one = Finding.objects.get()
    assert "Consent did not count." not in page("issue", "consent")
    moved(editor, one, "submit", people.editor)
    assert moved(editor, one, "publish", people.editor) == 403
    moved(second, one, "return", people.coordinator)
    assert (one.state, one.why) == ("draft", "Not yet.")
    moved(editor, one, "submit", people.editor)
    moved(second, one, "publish", people.coordinator)
    assert one.state == "published"
    assert "Consent did not count." in page("issue", "consent")
    assert "1 of 3 published cases" in page("issue", "consent")
    for who in (people.analyst, people.case_worker):
        assert signed_in_client(who).get(reverse("digest:record", args=["finding", one.pk])).status_code in (
            403,
            404,
        )
    with acting(people.editor.viewer), pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.filter(pk=one.pk).update(note="Another word.")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"issue": "nothing"}, "issue"), ({"note": " "}, "note"), ({"case": "none"}, "case"),
        ({"quote": "x", "quote_language": "en"}, "pinpoint"), ({"quote": "x", "pinpoint": "1"}, "quote_language"),
        ({"translation": "x"}, "translated"), ({"standing": "perhaps"}, "standing"),
    ],
)  # fmt: skip
def test_a_file_with_a_mistake_brings_nothing(cases: Any, more: dict[str, str], field: str) -> None:
    done = brought(finding("two"), {**finding("one"), **more})
    assert [(one.record, one.field) for one in done.bad] == [(2, field)]
    assert done.findings == 0
    with acting(Viewer.operator()):
        assert not Finding.objects.exists()


def test_twice_is_once_and_a_trial_is_nothing(cases: Any) -> None:
    intro = {"issue": "consent", "language": "en", "text": "What it is."}
    assert brought(finding("one"), intro, dry_run=True).findings == 1
    assert (brought(finding("one"), intro).findings, brought(finding("one"), intro).known) == (1, 2)


def test_cases_are_counted_as_sql_counts_them(cases: Any) -> None:
    rng, codes = random.Random(11), list(issues())
    keys, values = ("one", "two", "three"), []
    for number in range(120):
        values.append(finding(rng.choice(keys), rng.choice(codes), note=f"Finding {number}."))
    assert not brought(*values).bad
    with acting(Viewer.operator()) as viewer:
        Finding.objects.filter(pk__in=[one.pk for one in Finding.objects.all()[:30]]).update(state="draft")
        found, coded, published = queries.counts(viewer)
        assert published == 3
        with connection.cursor() as cursor:
            for code in codes:
                cursor.execute(
                    "SELECT count(DISTINCT f.case_id) FROM digest_finding f JOIN caselaw_case c ON c.id = f.case_id "
                    "WHERE f.state = 'published' AND c.state = 'published' AND f.issue = ANY (%s)",
                    [list(below(code))],
                )
                assert found[code] == cursor.fetchone()[0], code
            cursor.execute("SELECT count(DISTINCT case_id) FROM digest_finding WHERE state = 'published'")
            assert coded == cursor.fetchone()[0]


def test_findings_are_narrowed_and_leave_as_files(cases: Any) -> None:
    brought(finding("one"), finding("two", direction="weakens", note="=1+1"), finding("three", "intercepts"))
    assert "The court of one said so." not in page("issue", "consent", direction="weakens")
    assert "1 of 3 published cases" in page("issue", "consent", country="DEU")
    assert "The court of three said so." in page("issue", "digital")
    body = page("csv", issue="consent")
    assert "'=1+1" in body
    assert "/caselaw/public/one/" in body
    assert len(Client().get(reverse("digest:json"), {"issue": "consent"}).json()["findings"]) == 2
    assert len(Client().get(reverse("digest:json")).json()["findings"]) == 3
    assert Client().get(reverse("digest:issue", args=["nothing"])).status_code == 404


def test_an_edition_stays_as_it_came_out(people: Any, cases: Any) -> None:
    with acting(people.editor.viewer) as viewer, pytest.raises(Conflict):
        actions.freeze(actor=viewer, title="Too early")
    brought(finding("one"), finding("two", "intercepts"))
    with acting(people.editor.viewer) as viewer:
        with pytest.raises(Invalid):
            actions.freeze(actor=viewer, title="x")
        made = actions.freeze(actor=viewer, title="The first")
    brought(finding("three", note="Said later."))
    shown = page("edition", 1)
    assert "The court of one said so." in shown
    assert "Said later." not in shown
    assert made.sha256 in shown
    assert Client().get(reverse("digest:file", args=[1, "json"])).json()["title"] == "The first"
    assert Client().get(reverse("digest:file", args=[1, "docx"])).content[:2] == b"PK"
    assert Client().get(reverse("digest:file", args=[1, "exe"])).status_code == 404
    for changes in ({"title": "Another"}, {"content": {}}, {"sha256": "0", "redactions": 1, "number": 9}):
        with acting(people.editor.viewer), pytest.raises(DatabaseError), transaction.atomic():
            Edition.objects.filter(pk=made.pk).update(**changes)
    with acting(people.analyst.viewer) as viewer, pytest.raises(Refused):
        actions.freeze(actor=viewer, title="Not mine")
    with acting(Viewer.operator()) as viewer:
        second = actions.freeze(actor=viewer, title="The second", issues=["intercepts"])
    assert (second.number, second.issues) == (2, ["intercepts"])


def test_a_withdrawn_case_leaves_the_digest_and_the_edition_says_so(people: Any, cases: Any) -> None:
    brought(finding("one"), finding("two"))
    with acting(Viewer.operator()) as viewer:
        actions.freeze(actor=viewer, title="The first")
        gone = Case.objects.get(palermo_id="one")
        caselaw.withdraw(actor=viewer, case=gone, why="It was another court.", expected_version=gone.version)
    assert "1 of 2 published cases" in page("issue", "consent")
    assert "It was another court." in page("edition", 1)


def test_a_name_that_is_redacted_stands_nowhere_any_more(people: Any, cases: Any) -> None:
    name = "Quillam Vashtar"
    words = {
        "quote": f"{name} agreed.",
        "quote_language": "en",
        "pinpoint": "para. 3",
        "note": f"Of {name} it was said.",
    }
    brought(finding("one", **words), finding("two", note=f"{name} is somebody else's case."))
    with acting(people.editor.viewer) as viewer:
        actions.freeze(actor=viewer, title="The first")
        told = {**FORM, "note": f"Draft on {name}.", "case": Case.objects.get(palermo_id="one")}
        draft = actions.write_finding(actor=viewer, values=told)
        one = Case.objects.get(palermo_id="one")
        done = caselaw.redact(actor=viewer, case=one, names=(name,), expected_version=one.version)
        assert done.before == 6  # two in the finding, one in the draft, three in the edition
        assert done.after == 0
        draft.refresh_from_db()
        assert name not in draft.note
        edition = Edition.objects.get()
        assert edition.redactions == 1
        assert edition.sha256 == actions.redacting.fingerprint(edition.content)
    for shown in (page("edition", 1), page("csv").replace("somebody else", ""), page("issue", "consent")):
        assert f"Of {name}" not in shown
        assert f"{name} agreed" not in shown
    assert name not in str(Client().get(reverse("digest:file", args=[1, "json"])).json())


def test_what_we_ship_is_about_cases_that_we_ship() -> None:
    from palermo.judgments.starter import starter

    with acting(Viewer.operator()) as viewer:
        caselaw.bring_in(actor=viewer, values=starter())
        done = actions.bring_in(actor=viewer, values=[*INTROS, *FINDINGS])
        assert (done.findings, done.intros, done.bad) == (len(FINDINGS), len(INTROS), ())
        assert not Finding.objects.filter(verified=True).exists()
        assert not Finding.objects.exclude(quote="").exists()
        assert actions.demo_digest() == 0
    shown = page("issue", "consent")
    assert "Chowdury" in shown
    assert "Not yet checked in the primary source" in shown
    assert case("x")["palermo_id"] == "x"


def test_the_search_finds_issues_by_words_names_and_concepts(cases: Any) -> None:
    brought(finding("one", "money", note="Wages went to a cousin by hawala."), finding("two", "ritual-oath"))
    find, viewer = SOURCE.find, Viewer.anonymous()
    assert [(m.key, m.why) for m in find(viewer, Asked("hawala"), 9)] == [("money", "text")]
    assert ("ritual-oath", "name") in [(m.key, m.why) for m in find(viewer, Asked("serment rituel"), 9)]
    asked = Asked("juju", codes=("ritual_oath",), others={"en": ("ritual oath",)})
    assert [(m.key, m.why) for m in find(viewer, asked, 9)] == [("ritual-oath", "concept")]
    assert [one.title for one in SOURCE.named(viewer, ["money", "consent"], Asked("x", "fr"))] == [
        "Les flux d’argent"
    ]
    assert "⟦hawala⟧" in SOURCE.pieces(viewer, ["money"], Asked("hawala"))["money"]
    assert {(d.key, d.passages) for d in SOURCE.documents(viewer)} >= {
        ("money", ("Wages went to a cousin by hawala.",))
    }
    assert [(link.title, link.count) for link in concept_links(viewer, "ritual_oath")] == [("Ritual oath", 1)]
    assert concept_links(viewer, "consent") == []


def test_the_search_finds_nothing_of_a_case_that_was_withdrawn(cases: Any, people: Any) -> None:
    brought(finding("one", "money", note="Wages went to a cousin by hawala."))
    with acting(people.coordinator.viewer) as viewer:
        one = Case.objects.get(palermo_id="one")
        caselaw.withdraw(actor=viewer, case=one, why="Published by mistake.", expected_version=one.version)
    viewer = Viewer.anonymous()
    assert SOURCE.find(viewer, Asked("hawala"), 9) == []
    assert list(SOURCE.named(viewer, ["money"], Asked("hawala"))) == []
    assert list(SOURCE.documents(viewer)) == []
    assert concept_links(viewer, "money_trail") == []
