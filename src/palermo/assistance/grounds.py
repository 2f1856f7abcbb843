"""Grounds on which a State may decline (article 18, paragraphs 9 and 21), what is none (8 and 22), and reasons (23)."""

from __future__ import annotations

from enum import StrEnum


class Ground(StrEnum):
    """A ground of the article. Each may be used; none must be, but where the law of the State asked says so."""

    FORM = "21(a)"  # not made in conformity with the article
    INTERESTS = "21(b)"  # sovereignty, security, ordre public, other essential interests
    OWN_LAW = "21(c)"  # prohibited by domestic law for a similar offence under its own jurisdiction
    CONTRARY = "21(d)"  # contrary to the legal system relating to mutual legal assistance
    DUAL_CRIMINALITY = "9"  # at discretion; assistance may be given all the same


GROUNDS = tuple(Ground)
# Said by the article to be no ground at all: bank secrecy, and that the offence involves fiscal matters alone.
NO_GROUNDS = ("8", "22")


class Answer(StrEnum):
    """What is answered to a request."""

    GIVEN = "given"
    PARTLY = "partly"
    POSTPONED = "postponed"  # 25: it interferes with an ongoing investigation, prosecution or proceeding
    DECLINED = "declined"


def unreasoned(answer: Answer, grounds: tuple[str, ...], reasons: str) -> list[str]:
    """What an answer that is not whole lacks: "23" without reasons, "21" without a ground, and every code of
    `NO_GROUNDS` that was given as one; "26" always reminds to consult before declining or postponing."""
    if answer is Answer.GIVEN:
        return []
    found = [code for code in NO_GROUNDS if code in grounds]
    if not reasons.strip():
        found.append("23")
    if answer in (Answer.DECLINED, Answer.PARTLY) and not any(one in set(Ground) for one in grounds):
        found.append("21")
    return [*found, "26"]
