"""Publishing: one person freezes a protected table, another lets it out, and either may take it back."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.disclosure import Unprotectable
from palermo.kernel.access.policy import can, require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record as audit
from palermo.kernel.database.locks import take_turns
from palermo.kernel.database.patience import be_patient
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, NotFound, Refused
from palermo.rooms.statistics import queries
from palermo.rooms.statistics.models import Publication, State, Tombstone
from palermo.web.releasable import public_tables


def make_publication(*, actor: Viewer, table: str, year: int | None = None, region: str = "") -> Publication:
    """Freeze the protected table as it is now. It waits, unseen by the public, for a second person.

    Raises Conflict when there is nothing to publish, or when the editions that were ever public and this one together
    would give small counts away. Exact figures cannot get here: the table is made anew.
    Only the Global Report is frozen for one year and region; all others are published whole, since two
    publications of parts would each withhold less than both together must.
    """
    require(actor, "statistics.publication.make")
    if actor.user_id is None:
        raise Refused(_("A publication is made by a person."), rule="statistics.person")
    with transaction.atomic(), override("en"):
        be_patient()
        view, shown = _made(actor, table, year, region)
        title = str(queries.TABLES[table].title)
    if view.refused or view.empty:
        raise Conflict(
            _("There is nothing in this table to publish."), rule="statistics.nothing", state="empty"
        )
    content = view.as_dict()
    with transaction.atomic():
        made = Publication.objects.create(
            table=table, title=title, content=content, sha256=fingerprint(content), made_at=timezone.now(),
            made_by_id=actor.user_id, shown=shown,
        )  # fmt: skip
        _audit(actor, "make", made)
    return made


def _made(
    actor: Viewer, table: str, year: int | None, region: str
) -> tuple[queries.TableView, list[dict[str, Any]]]:
    queries.declared(table)
    if table not in queries.PROTECTED:
        return queries.table(actor, table, year=year, region=region), []
    try:
        return queries.for_public(actor, table)
    except Unprotectable as error:
        message = _(
            "This edition cannot be published: together with the editions that were public before it would give "
            "small counts away, whatever is withheld. Wait until more persons are registered, or publish years "
            "that are closed. (%(reason)s)"
        ) % {"reason": error}
        raise Conflict(message, rule="statistics.editions", state="refused") from error


def republish(*, actor: Viewer, publication_id: UUID) -> Publication:
    """Propose an edition that was public before once more, as it was: a second person has to approve it again.

    Nothing that is not known already comes out by this.
    """
    with transaction.atomic():
        found = _locked(actor, publication_id)
        require(actor, "statistics.publication.make")
        if actor.user_id is None:
            raise Refused(_("A publication is made by a person."), rule="statistics.person")
        if found.approved_at is None:
            raise Conflict(_("This was never public."), rule="statistics.again", state=found.state)
        made = Publication.objects.create(
            table=found.table, title=found.title, content=found.content, sha256=found.sha256, shown=found.shown,
            made_at=timezone.now(), made_by_id=actor.user_id, again=found,
        )  # fmt: skip
        _audit(actor, "again", made)
    return made


def approve(*, actor: Viewer, publication_id: UUID) -> Publication:
    """Let a frozen table out. Nobody approves what he made himself."""
    with transaction.atomic():
        found = _locked(actor, publication_id)
        require(actor, "statistics.publication.approve")
        if found.made_by_id == actor.user_id:
            message = _("A second person has to approve: you made this one yourself.")
            raise Refused(message, rule="statistics.second_person")
        if found.state != "waiting":
            raise Conflict(_("This is not waiting any more."), rule="statistics.waiting", state=found.state)
        if fingerprint(found.content) != found.sha256:
            raise Conflict(
                _("The table is not what was made."), rule="statistics.fingerprint", state="changed"
            )
        found.number = _next_number(found)
        found.approved_at, found.approved_by_id = timezone.now(), actor.user_id
        found.save(update_fields=["approved_at", "approved_by", "number"])
        _audit(actor, "approve", found)
    return found


def withdraw(*, actor: Viewer, publication_id: UUID, why: str) -> Publication:
    """Take a table back (or refuse it before it was out). The trace and the reason stay."""
    with transaction.atomic():
        found = _locked(actor, publication_id)
        require(actor, "statistics.publication.withdraw")
        why = " ".join(why.split())
        if not why or len(why) > 300:
            problem = FieldProblem("why", _("Say why, in at most 300 characters."))
            raise Invalid(problem.message, problems=[problem], rule="statistics.why")
        if found.state == "withdrawn":
            raise Conflict(_("This was withdrawn before."), rule="statistics.once", state=found.state)
        found.withdrawn_at, found.withdrawn_why = timezone.now(), why
        found.save(update_fields=["withdrawn_at", "withdrawn_why"])
        if found.approved_at and found.number:
            Tombstone.objects.create(
                id=found.pk, table=found.table, number=found.number, title=found.title, why=why,
                published_at=found.approved_at, withdrawn_at=found.withdrawn_at,
            )  # fmt: skip
        _audit(actor, "withdraw", found)
    return found


def _next_number(found: Publication) -> int:
    """The number of the edition. One approval at a time: each was protected against those before it.

    Raises Conflict when another edition of the register came out, or its persons were counted, after this one was made.
    Parts of a count are never in each other's way: the count as a whole was protected.
    """
    take_turns("statistics.approve")
    alone = found.table in queries.PROTECTED and found.again_id is None and not _counted(found)
    if alone and _overtaken(found):
        raise Conflict(
            _("Another edition was published after this one was made, and they were not protected together. Withdraw "
              "this one and make it anew."),
            rule="statistics.editions", state="outdated",
        )  # fmt: skip
    last = Publication.objects.filter(table=found.table).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def _counted(found: Publication) -> bool:
    """Whether all its tables are parts of counts."""
    return bool(found.shown) and all(table.get("as_of") for table in found.shown)


def _overtaken(found: Publication) -> bool:
    since = Publication.objects.filter(approved_at__gt=found.made_at, again=None, table__in=queries.PROTECTED)
    elsewhere = any(one.public_at > found.made_at for one in public_tables(besides="statistics"))
    names = {table["population"] for table in found.shown}
    counted = State.objects.filter(population__in=names, as_of__gt=found.made_at)
    return elsewhere or since.exists() or counted.exists()


def _locked(actor: Viewer, publication_id: UUID) -> Publication:
    if not can(actor, "statistics.table.view"):
        raise NotFound()
    found = Publication.objects.select_for_update().filter(pk=publication_id).first()
    if found is None:
        raise NotFound()
    return found


def _audit(actor: Viewer, verb: str, publication: Publication) -> None:
    audit(
        actor=actor, action=f"statistics.publication.{verb}", object_id=publication.pk,
        object_kind="publication", detail={"table": publication.table, "sha256": publication.sha256},
    )  # fmt: skip


def fingerprint(content: object) -> str:
    """SHA-256 of the content, written in one way only (numbers as the database gives them back)."""
    text = json.dumps(_same_numbers(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _same_numbers(content: object) -> object:
    """5.0 and 5 are one number to JSON columns."""
    if isinstance(content, dict):
        return {key: _same_numbers(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_same_numbers(value) for value in content]
    return int(content) if isinstance(content, float) and content.is_integer() else content
