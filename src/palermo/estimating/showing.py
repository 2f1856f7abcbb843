"""Results for a person at a terminal: a short table, then the paragraph of the headline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from textwrap import fill

from palermo.estimating.tongue import here, say
from palermo.estimation import Result
from palermo.estimation.results import Word
from palermo.saying import NO_LIMIT, phrase

WIDTH = 96
HEAD = (phrase("method"), phrase("estimate"), phrase("range"), phrase("model"), phrase("verdict"))
STRATA = (phrase("stratum"), phrase("seen"), phrase("estimate"), phrase("range"))
WORDS = {
    Word.PUBLISH: phrase("publish"), Word.CARE: phrase("publish with care"), Word.NOT: phrase("do not publish"),
}  # fmt: skip


def text(results: Sequence[Result], headline: Result | None, left_out: Iterable[tuple[str, str]] = ()) -> str:
    """The whole answer."""
    parts = [table(results)] if results else []
    strata = [row for one in results[:1] for row in one.diagnostics.get("strata", [])]
    if strata:
        parts.append(by_stratum(strata))
    if headline:
        parts.append(fill(headline.explain(here()), WIDTH))
    parts += [
        fill(say(phrase("Left out: {name}. {reason}", name=name, reason=reason)), WIDTH)
        for name, reason in left_out
    ]
    return "\n\n".join(parts)


def table(results: Iterable[Result]) -> str:
    """One line a method: estimate, range, model, verdict."""
    head = tuple(say(one) for one in HEAD)
    rows = [
        (
            _name(one), number(one.estimate, one.quantity), span(one.lower, one.upper, one.quantity),
            one.model if len(one.model) <= 34 else f"{one.model[:33]}…",
            say(WORDS[one.verdict.word]) if one.verdict else "",
        )
        for one in results
    ]  # fmt: skip
    return columns([head, *rows], right={1, 2})


def by_stratum(rows: Iterable[dict[str, object]]) -> str:
    """One line a stratum: seen, estimate, range."""
    lines: list[tuple[str, ...]] = [tuple(say(one) for one in STRATA)]
    for row in rows:
        stratum, ends = row["stratum"], (row["lower"], row["upper"])
        assert isinstance(stratum, dict)
        lines.append((
            ", ".join(map(str, stratum.values())), number(_float(row["observed"])), number(_float(row["estimate"])),
            span(_float(ends[0]), _float(ends[1])),
        ))  # fmt: skip
    return columns(lines, right={1, 2, 3})


def number(value: float | None, quantity: str = "people") -> str:
    if value is None:
        return say(phrase("none"))
    if math.isinf(value):
        return say(NO_LIMIT)
    return here().number(value, ".1%" if quantity == "share" else ",.0f")


def span(low: float | None, high: float | None, quantity: str = "people") -> str:
    return "" if low is None else f"{number(low, quantity)} - {number(high, quantity)}"


def _name(result: Result) -> str:
    value = result.settings.get("value") if result.family == "rds" else None
    return f"{result.method} ({value})" if value else result.method


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float, str)) else None


def columns(lines: Sequence[Sequence[str]], right: set[int]) -> str:
    """Lines under each other; the columns in `right` end together, as figures do."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
