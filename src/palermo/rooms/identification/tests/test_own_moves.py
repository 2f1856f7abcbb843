"""The page of a status: own moves first, those of others folded, and nothing late in the minute it is written."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.rooms.identification import actions, queries
from palermo.rooms.identification.models import Identification
from palermo.standards.packs import pack

from .way import Way


def parts(client: Any, found: Identification) -> tuple[str, str]:
    """What can be done now: for me, and folded for others."""
    page = client.get(reverse("identification:status", args=[found.pk])).content.decode()
    now = page.split('id="now-heading"')[1].split("</section>")[0]
    own, _fold, others = now.partition("What others can do")
    return own, others


def test_what_only_the_authority_can_do_is_folded_for_the_worker(way: Way, client_for: Any) -> None:
    found = way.referred()
    own, others = parts(client_for(way.worker), found)
    assert "Only the authority to which it was referred does this." in others or "This is for" in others
    assert "This is for" not in own
    assert "Only the authority" not in own
    with acting(way.worker.viewer) as viewer:
        moves = queries.moves_of(viewer, found)
        mine, theirs = queries.own_and_others(moves)
    assert mine
    assert theirs
    assert moves == mine + theirs
    assert [m.possible for m in mine] == sorted((m.possible for m in mine), reverse=True)
    assert not any(m.possible for m in theirs)
    assert "rg_positive" in {m.event for m in theirs}


def test_what_only_the_worker_can_do_is_folded_for_the_authority(way: Way, client_for: Any) -> None:
    found = way.referred()
    own, others = parts(client_for(way.first), found)
    with acting(way.first.viewer) as viewer:
        mine, theirs = queries.own_and_others(queries.moves_of(viewer, found))
    assert "rg_positive" in {m.event for m in mine}
    assert "rg_positive" not in {m.event for m in theirs}
    assert all(m.label in others for m in theirs)
    assert "This is for" not in own


def test_a_decision_that_was_just_written_is_not_late(way: Way, client_for: Any) -> None:
    found = way.negative()
    row = way.ruling(found, "rg_negative")
    with acting(way.worker.viewer) as viewer:
        due = next(d for d in queries.status_due_for(viewer) if "Explain the decision" in str(d.title))
    assert due.due_at is not None
    assert due.urgency(timezone.now()) != "overdue"
    assert due.due_at == pack("default").due("explain_decision", timezone.localtime(row.written_at))
    assert due.due_at > row.written_at + timedelta(hours=20)
    page = client_for(way.worker).get(reverse("identification:status", args=[found.pk])).content.decode()
    assert "Late by" not in page
    assert "Not explained to the person yet" in page


def test_the_time_to_explain_is_a_working_day_and_marked_as_ours() -> None:
    limit = pack("default").limit("explain_decision")
    assert (limit.amount, limit.unit, limit.verified, limit.source) == (
        1,
        "working_days",
        "ours",
        "palermo default",
    )


def test_once_explained_nothing_is_asked_any_more(way: Way) -> None:
    found = way.recovery()
    row = way.ruling(found, "rg_positive")
    with acting(way.worker.viewer) as viewer:
        assert queries.ruling(viewer, found, row.pk).explain_by is not None
        actions.serve(
            actor=viewer, found=found, ruling=row, language="ar", way="phone", bearer="worker",
            served_at=timezone.now(),
        )  # fmt: skip
        assert queries.ruling(viewer, found, row.pk).explain_by is None
        assert "Explain" not in " ".join(str(d.title) for d in queries.status_due_for(viewer))
