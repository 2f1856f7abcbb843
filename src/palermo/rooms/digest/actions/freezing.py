"""An edition: the digest as it stands, kept as data, and given out as JSON, PDF and DOCX."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import Conflict
from palermo.kernel.exports.actions import File, hand_out
from palermo.kernel.exports.documents.blocks import Block, Document, Facts, Heading, Paragraph, Points, Table
from palermo.kernel.exports.documents.handing import hand_out_document
from palermo.kernel.exports.writers import json_bytes
from palermo.rooms.digest import queries
from palermo.rooms.digest.actions.redacting import fingerprint
from palermo.rooms.digest.actions.writing import wrong
from palermo.rooms.digest.models import BearsOn, Direction, Edition, Stage, Standing
from palermo.standards import evidence

VIEW = "digest.public.view"


@transaction.atomic
def freeze(*, actor: Viewer, title: str, issues: Sequence[str] = ()) -> Edition:
    """Keep the published digest as the next edition: all issues that have findings, or those that are named."""
    require(actor, "digest.edition.freeze")
    title = " ".join(title.split())
    if not 3 <= len(title) <= 200:
        raise wrong("title", _("From 3 to 200 characters."))
    content = queries.frozen(actor, issues)
    if not content["issues"]:
        raise Conflict(
            _("No finding is published that an edition could hold."), rule="digest.empty", state="empty"
        )
    take_turns("digest.edition")
    last = Edition.objects.aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    content |= {"number": last + 1, "title": title, "frozen_at": now.isoformat()}
    made = Edition.objects.create(
        number=last + 1, title=title, issues=[one["code"] for one in content["issues"]],
        issues_version=evidence.VERSION, content=content, sha256=fingerprint(content), frozen_by_id=actor.user_id,
        frozen_at=now,
    )  # fmt: skip
    record(
        actor=actor, action="digest.edition.freeze", object_kind="digest_edition", object_id=made.pk,
        detail={"number": made.number, "cases": len(content["cases"])},
    )  # fmt: skip
    return made


def edition_file(*, actor: Viewer, edition: Edition, format: str, language: str) -> File:
    """An edition as a file, in the words of one language. Raises Conflict where no PDF can be made."""
    what = f"digest-{edition.number}"
    if format == "json":
        return hand_out(
            actor=actor,
            permission=VIEW,
            what=what,
            format="json",
            content=json_bytes(edition.content),
            logged=False,
        )
    return hand_out_document(
        actor=actor, permission=VIEW, document=document(edition, language.split("-")[0]), format=format
    )


def document(edition: Edition, language: str) -> Document:
    """An edition as declared blocks."""
    told = edition.content
    frozen = parse_datetime(told["frozen_at"]) or edition.frozen_at
    with override(language):
        blocks: list[Block] = [
            Facts((
                (_("Edition"), str(edition.number)), (_("Frozen on"), f"{frozen:%Y-%m-%d}"),
                (pgettext("of courts", "Cases"), str(len(told["cases"]))),
                (_("List of issues"), told["issues_version"]),
            )),
            Paragraph(_("A collection, not a sample: counts of cases say nothing about the world."), "quiet"),
            Heading(_("Issues")),
            Points(tuple(f"{_label(one['code'], language)}: {one['cases']}" for one in told["issues"])),
        ]  # fmt: skip
        for one in told["issues"]:
            blocks += _issue(one, language)
        blocks.append(Heading(pgettext("of courts", "Cases")))
        rows = tuple((case["palermo_id"], case["citation"]) for case in told["cases"])
        blocks.append(Table((_("Code"), _("Citation")), rows))
        blocks.append(Paragraph(_("Fingerprint (SHA-256): %(sha)s") % {"sha": edition.sha256}, "quiet"))
        return Document(
            what=f"digest-{edition.number}", title=edition.title, language=language, dated=frozen.date(),
            blocks=tuple(blocks), version=_("Edition %(number)s") % {"number": edition.number}, issuer="palermo",
        )  # fmt: skip


def _label(code: str, language: str) -> str:
    found = evidence.issues().get(code)
    return found.label(language) if found else code


def _issue(told: dict[str, Any], language: str) -> Iterator[Block]:
    yield Heading(_label(told["code"], language))
    for intro in told["intros"]:
        if intro["language"] == language or len(told["intros"]) == 1:
            yield Paragraph(intro["text"])
    for direction in Direction:
        rows = [one for one in told["findings"] if one["direction"] == direction.value]
        if rows:
            yield Paragraph(str(direction.label), "lead")
            yield Points(tuple(_finding(one) for one in rows))


def _finding(one: dict[str, Any]) -> str:
    words = f"{one['title']} ({one['country']}): {one['note']}"
    kinds = f"[{Stage(one['stage']).label} · {Standing(one['standing']).label} · {BearsOn(one['bears_on']).label}]"
    quoted = f" “{one['quote']}” ({one['pinpoint']})" if one["quote"] else ""
    return f"{words}{quoted} {kinds}"
