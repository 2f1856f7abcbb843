"""add_note and save_draft: append-only, corrected by superseding, drafts for their author alone."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.audit.models import Entry
from palermo.kernel.errors import Conflict, Invalid, NotFound
from palermo.rooms.cases import actions, queries
from palermo.rooms.cases.models import Case, Draft, Note


def test_a_note_is_added_and_audited_without_its_text(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.add_note(actor=viewer, case=case, text=" Came to the desk.\r\nCalm. ")
        assert made.text == "Came to the desk.\nCalm."
        entry = Entry.objects.get(action="cases.note.add", object_id=case.pk)
        assert "Calm" not in str(vars(entry))


def test_a_correction_keeps_the_earlier_wording(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        first = actions.add_note(actor=viewer, case=case, text="Came on Monday.")
        actions.add_note(actor=viewer, case=case, text="Came on Tuesday.", corrects=first)
        texts = [(note.text, hasattr(note, "corrected_by")) for note in queries.notes(viewer, case)]
        assert texts == [("Came on Tuesday.", False), ("Came on Monday.", True)]
        with pytest.raises(Conflict):
            actions.add_note(actor=viewer, case=case, text="Came on Sunday.", corrects=first)


def test_the_database_lets_nobody_edit_or_delete_a_note(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        made = actions.add_note(actor=viewer, case=case, text="As it was.")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Note.objects.filter(pk=made.pk).update(sealed=b"as it was not")
        rows = Note.objects.filter(pk=made.pk)
        with pytest.raises(ProgrammingError), transaction.atomic():
            rows._raw_delete(rows.db)


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_it_validates(people: Any, case: Case, text: str) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Invalid):
        actions.add_note(actor=viewer, case=case, text=text)


def test_strangers_write_and_read_nothing(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.add_note(actor=viewer, case=case, text="Only for those who help.")
    for member in (people.other_worker, people.analyst, people.prosecutor):
        with acting(member.viewer) as viewer:
            assert not Note.objects.exists()
            with pytest.raises(NotFound):
                actions.add_note(actor=viewer, case=case, text="I was here.")


def test_a_draft_is_kept_for_its_author_alone_and_ends_with_the_note(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.save_draft(actor=viewer, case=case, text="Half a thou")
        assert queries.draft(viewer, case) == "Half a thou"
    with acting(people.supervisor.viewer) as viewer:
        assert queries.draft(viewer, case) == ""
        assert not Draft.objects.exists()
    with acting(people.case_worker.viewer) as viewer:
        actions.add_note(actor=viewer, case=case, text="Half a thought, and the rest.")
        assert queries.draft(viewer, case) == ""


def test_a_share_without_notes_shows_none(people: Any, case: Case) -> None:
    from palermo.kernel.access.actions import grant
    from palermo.rooms.identification.actions import this_transaction

    with acting(people.case_worker.viewer) as viewer:
        actions.add_note(actor=viewer, case=case, text="Sensitive.")
        grant(
            actor=viewer,
            object_kind="case",
            object_id=case.pk,
            grantee_kind="person",
            grantee_id=people.other_worker.pk,
            scopes=("case",),
            purpose="test",
            valid_from=this_transaction(),
        )
    with acting(people.other_worker.viewer) as viewer:
        assert queries.case(viewer, case.pk).code == case.code
        assert queries.notes(viewer, case) == []
        assert not Note.objects.exists()


def test_notes_and_drafts_lie_sealed(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.add_note(actor=viewer, case=case, text="Plainwords in a note")
        actions.save_draft(actor=viewer, case=case, text="Plainwords in a draft")
        with connection.cursor() as cursor:
            for table in ("cases_note", "cases_draft"):
                cursor.execute(f"SELECT t::text, sealed FROM {table} t")
                for row, raw in cursor.fetchall():
                    assert "Plainwords" not in row
                    assert raw
                    assert b"Plainwords" not in bytes(raw)


def test_a_note_pasted_into_another_row_is_refused_with_an_alarm(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        first = actions.add_note(actor=viewer, case=case, text="Said by the person.")
        other = actions.open_case(actor=viewer, reason="Another person came.", crime="som")
        actions.add_note(actor=viewer, case=other, text="So that it has a key.")
        for target in (case, other):
            number = actions.notes._next_number()
            Note(id=number, case=target, written_by_id=viewer.user_id, sealed=first.sealed).save(
                force_insert=True
            )
            shown = {note.pk: note.text for note in queries.notes(viewer, target)}
            assert "not shown" in shown[number]
            alarm = Entry.objects.get(object_id=target.pk, action="vault.text.tampered")
            assert (alarm.result, alarm.fields) == ("alarm", ["cases_note.sealed"])


def test_a_draft_waits_on_the_home_page(people: Any, case: Case) -> None:
    with acting(people.case_worker.viewer) as viewer:
        actions.save_draft(actor=viewer, case=case, text="Half a thou")
        assert f"Unfinished note in {case.code}" in [str(due.title) for due in queries.due_for(viewer)]
        actions.save_draft(actor=viewer, case=case, text="")
        assert not [due for due in queries.due_for(viewer) if "Unfinished" in str(due.title)]
