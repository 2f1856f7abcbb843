"""The letters and forms of the mechanism, built from plain values. Pure: nothing is read, nothing is written.

Every builder takes the language of the PERSON, not of the worker, and a code instead of a name. What a room adds in
its own words (reasons, steps, labels of codes) must be in that language too: `with override(language): ...`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from palermo.kernel.exports.documents.blocks import (
    Block,
    Boxes,
    Document,
    Facts,
    Heading,
    Lines,
    Paragraph,
    Points,
    Table,
)
from palermo.kernel.exports.documents.parts import assembled, contact_line, head, with_version
from palermo.kernel.exports.documents.words import Words, in_language, plain, spoken
from palermo.standards.instruments import rights


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an assistance plan: what the person wants, what is done about it, by whom and until when."""

    goal: str
    step: str
    who: str = ""
    by: date | None = None


def decision_letter(
    *,
    kind: Literal["reasonable", "conclusive"],
    positive: bool,
    language: str,
    person_code: str,
    reference: str,
    authority: str,
    decided_on: date,
    reasons: Sequence[str],
    recovery_until: date | None = None,
    review_until: date | None = None,
    review_where: str = "",
    review_right: str = "",
    explained_in: str = "",
    contact: str = "",
) -> Document:
    """The decision on reasonable or conclusive grounds, with its reasons and the way to have it reviewed.

    `recovery_until` is the end of the recovery and reflection period, `explained_in` the name of the language in
    which the letter is explained. `review_right` is a sentence on the time for a review, where its last day is not
    known yet because it counts from the day of the explanation. Raises ValueError without a reason: a decision without
    reasons cannot be served.
    """
    if not any(reason.strip() for reason in reasons):
        raise ValueError("a decision letter needs its reasons")
    language = spoken(language)
    say = in_language(language)
    blocks: list[Block] = [
        head(say, language, person_code, reference, decided_on, authority),
        Paragraph(say(f"decision.{kind}.{'yes' if positive else 'no'}"), "lead"),
        Heading(say("decision.reasons")),
        *[Paragraph(reason) for reason in reasons if reason.strip()],
        Heading(say("decision.means")),
        Points(_meaning(say, positive, recovery_until)),
        Heading(say("decision.review")),
        Points(_review(say, review_until, review_where, review_right)),
        *contact_line(say, contact),
        Heading(say("decision.served")),
        Paragraph(say("decision.served.sign")),
        Facts(((say("decision.served.language"), explained_in),)),
        Lines((say("sign.date_place"), say("sign.person"), say("sign.interpreter"), say("sign.office"))),
    ]
    title = say(f"decision.{kind}.title")
    return assembled("decision", title, language, decided_on, blocks, person_code, reference, authority)


def certificate(
    *,
    status: Literal["presumed", "identified"],
    language: str,
    person_code: str,
    reference: str,
    authority: str,
    issued_on: date,
    valid_until: date | None = None,
    contact: str = "",
) -> Document:
    """What a person shows to other offices. It tells the status and what is asked of them, no fact of the case."""
    language = spoken(language)
    say = in_language(language)
    gives = ("certificate.gives.help", "certificate.gives.stay", "certificate.gives.free")
    blocks: list[Block] = [
        head(say, language, person_code, reference, issued_on, authority),
        Facts(((say("certificate.valid"), plain(valid_until, language)),)),
        Paragraph(say(f"certificate.{status}"), "lead"),
        Heading(say("certificate.gives")),
        Points(tuple(say(code) for code in gives)),
        Paragraph(say("certificate.check"), "quiet"),
        *contact_line(say, contact),
        Lines((say("sign.date_place"), say("sign.office"))),
    ]
    title = say("certificate.title")
    return assembled("certificate", title, language, issued_on, blocks, person_code, reference, authority)


def packet_sheet(
    *,
    language: str,
    person_code: str,
    reference: str,
    sender: str,
    recipient: str,
    service: str,
    sent_on: date,
    reason: str,
    contents: Sequence[tuple[str, str]],
    basis: str,
    answer_by: date | None = None,
    urgency: str = "",
    contact: str = "",
) -> Document:
    """The cover of a referral's frozen packet, in the language of the receiver.

    `contents` are names and values as frozen in the packet, `basis` the sentence of the consent or the law.
    """
    language = spoken(language)
    say = in_language(language)
    route = Facts(
        (
            (say("packet.from"), sender),
            (say("packet.to"), recipient),
            (say("packet.service"), service),
            (say("packet.urgency"), urgency),
            (say("packet.answer_by"), plain(answer_by, language)),
        )
    )
    blocks: list[Block] = [
        head(say, language, person_code, reference, sent_on, ""),
        route,
        Heading(say("packet.why")),
        Paragraph(reason),
        Heading(say("packet.contents")),
        Facts(tuple(contents)),
        Heading(say("packet.basis")),
        Paragraph(basis),
        Paragraph(say("packet.duty"), "lead"),
        *contact_line(say, contact),
    ]
    title = say("packet.title")
    return assembled("referral", title, language, sent_on, blocks, person_code, reference, sender)


def consent_form(
    *,
    language: str,
    person_code: str,
    purpose: str,
    question: str,
    categories: Sequence[str],
    form_version: str,
    dated: date,
    recipients: Sequence[str] = (),
    reference: str = "",
    issuer: str = "",
    child: bool = False,
) -> Document:
    """One question of consent, to be read together, ticked and signed. `recipients` that are known are printed."""
    language = spoken(language)
    say = in_language(language)
    signed = ("sign.date_place", "sign.person", *(("sign.guardian",) if child else ()), "sign.interpreter")
    blocks: list[Block] = [
        Facts(((say("person"), person_code), (say("reference"), reference))),
        Paragraph(question, "lead"),
        Points((say("consent.no"), say("consent.back"), say("consent.only"))),
        Heading(say("consent.what")),
        Boxes(tuple(categories)),
        Heading(say("consent.whom")),
        Boxes(tuple(recipients)) if recipients else Lines(("",)),
        *_child_view(say, child),
        Heading(say("consent.answer")),
        Boxes((say("consent.answer.yes"), say("consent.answer.no"))),
        Lines((say("consent.until"), *(say(code) for code in signed), say("sign.worker"))),
    ]
    document = assembled("consent", purpose, language, dated, blocks, person_code, reference, issuer)
    return with_version(document, form_version)


def plan_sheet(
    *,
    language: str,
    person_code: str,
    agreed_on: date,
    steps: Sequence[Step],
    reference: str = "",
    organisation: str = "",
    worker: str = "",
    review_on: date | None = None,
    contact: str = "",
) -> Document:
    """The assistance plan as the person takes it home: what was agreed, who does it, until when."""
    language = spoken(language)
    say = in_language(language)
    columns = tuple(say(f"plan.column.{name}") for name in ("goal", "step", "who", "by"))
    rows = tuple((row.goal, row.step, row.who, plain(row.by, language)) for row in steps)
    office = " · ".join(part for part in (worker, organisation) if part)
    blocks: list[Block] = [
        Facts(
            (
                (say("person"), person_code),
                (say("reference"), reference),
                (say("plan.agreed"), plain(agreed_on, language)),
                (say("plan.review"), plain(review_on, language)),
                (say("plan.office"), office),
            )
        ),
        Paragraph(say("plan.yours"), "lead"),
        Heading(say("plan.steps")),
        Table(columns, rows) if rows else Paragraph(say("plan.none")),
        *contact_line(say, contact),
        Lines((say("sign.date_place"), say("sign.person"), say("sign.interpreter"), say("sign.worker"))),
    ]
    title = say("plan.title")
    return assembled("plan", title, language, agreed_on, blocks, person_code, reference, organisation)


def rights_sheet(*, language: str, dated: date, contacts: Sequence[tuple[str, str]] = ()) -> Document:
    """The rights of the person, for everybody: no code, no mark. `contacts` are (who, telephone or address)."""
    language = spoken(language)
    say, sheet = in_language(language), rights()
    help_lines: list[Block] = [Heading(say("rights.contacts")), Facts(tuple(contacts))] if contacts else []
    blocks: list[Block] = [
        Paragraph(say("rights.lead")),
        Points(tuple(text[language] for text, _source in sheet.points)),
        *help_lines,
        Paragraph(say("rights.complain")),
    ]
    return Document(
        "rights", sheet.title[language], language, dated, tuple(blocks), say("version", version=sheet.version)
    )


def _meaning(say: Words, positive: bool, recovery_until: date | None) -> tuple[str, ...]:
    if not positive:
        codes = ("decision.means.no.not_lie", "decision.means.no.help", "decision.means.no.new_facts")
        return tuple(say(code) for code in codes)
    recovery = (say("decision.means.recovery", until=recovery_until),) if recovery_until else ()
    codes = ("decision.means.help", "decision.means.not_punished", "decision.means.stay")
    return (*recovery, *(say(code) for code in codes))


def _review(say: Words, until: date | None, where: str, right: str) -> tuple[str, ...]:
    return (
        right or say("decision.review.ask"),
        *((say("decision.review.until", until=until),) if until else ()),
        *((say("decision.review.where", where=where),) if where else ()),
        say("decision.review.lawyer"),
    )


def _child_view(say: Words, child: bool) -> list[Block]:
    return [Heading(say("consent.child")), Lines(("", ""))] if child else []
