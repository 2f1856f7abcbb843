"""The report as blocks of one language: what the page, the PDF and the Word file are all made of.

A block is plain data: {"kind": "heading" | "text" | "points" | "notice" | "table" | "plot" | "advice" | "sources"}.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info, override
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.rooms.releases.queries import publisher
from palermo.rooms.reports.models import Form, Layout, Outcome, Recommendation, Report, Section
from palermo.rooms.reports.queries.figures import SHOWN, WITHHELD, Source, last_year, part_title, source
from palermo.rooms.reports.queries.laying import Grid, side_by_side, trend
from palermo.rooms.reports.queries.mapping import lines_of

Block = dict[str, Any]
POINT = re.compile(r"^\s*[-*•]\s+")


def languages() -> list[str]:
    """The languages that a report is made in."""
    return [code for code, _name in settings.LANGUAGES]


def composed(viewer: Viewer, report: Report, language: str, *, final: bool = False) -> dict[str, Any]:
    """The whole report in a language: title, publisher, blocks, and the releases that it shows.

    A section without a word is a heading for the figures behind it; where there are none it is told as not written,
    and in the `final` report it is left out.
    """
    with override(language):
        read = Reader(viewer)
        sections = list(report.sections.all())
        blocks: list[Block] = []
        for place, section in enumerate(sections):
            leads = place + 1 < len(sections) and sections[place + 1].figures
            if not (final and _empty(section) and not leads):
                blocks += _section(read, section, language, told_empty=not leads)
        return {
            "form": report.form, "title": title_of(report), "publisher": publisher(), "language": language,
            "year": report.year, "edition": report.number, "identifier": report.identifier, "changes": report.changes,
            "blocks": [*blocks, *_sources(read)],
            "sources": [_named(one) for one in read.used.values()],
        }  # fmt: skip


def _empty(section: Section) -> bool:
    if section.kind == "advice":
        return not section.texts and not section.report.recommendations.exists()
    return section.kind == "text" and not section.texts


def title_of(report: Report) -> str:
    """The report's title in the reader's language."""
    if report.form == Form.STORY:
        return in_language(report.titles, get_language() or "en")[0]
    return _("National report %(year)s: trafficking in persons and smuggling of migrants") % {
        "year": report.year
    }


class Reader:
    """Reads each release once, and remembers which were used."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.used: dict[str, Source] = {}
        self._before: dict[str, Source | None] = {}

    def of(self, section: Section) -> Source | None:
        """The release of a section; None where it is public no more, or is another one."""
        if section.source not in self.used:
            try:
                found = source(self.viewer, section.source)
            except NotFound:
                return None
            if found.sha256 != section.sha256:
                return None
            self.used[section.source] = found
        return self.used[section.source]

    def before(self, found: Source) -> Source | None:
        """The same series a year earlier."""
        if found.identifier not in self._before:
            old = last_year(self.viewer, found)
            self._before[found.identifier] = old
            if old is not None:
                self.used[old.identifier] = old
        return self._before[found.identifier]


def _named(found: Source) -> dict[str, Any]:
    return {
        "identifier": found.identifier,
        "title": found.title,
        "year": found.year,
        "sha256": found.sha256,
    }


def _section(read: Reader, section: Section, language: str, *, told_empty: bool) -> Iterator[Block]:
    title, _its_language = in_language(section.titles, language)
    if title:
        yield {"kind": "heading", "text": title, "id": f"s{section.place}"}
    if section.figures:
        yield from _figures(read, section, title)
    yield from _words(section.texts, language, required=told_empty and section.kind == "text")
    if section.kind == "advice":
        yield from _advice(section.report, language, title)


def in_language(words: Mapping[str, str], language: str) -> tuple[str, str]:
    """The words, and the language that they are in: the one asked for, or the first that there is."""
    for code in (language, *words):
        if words.get(code, "").strip():
            return words[code].strip(), code
    return "", language


def _words(words: Mapping[str, str], language: str, *, required: bool = False) -> Iterator[Block]:
    text, written = in_language(words, language)
    if not text:
        if required:
            yield {"kind": "notice", "text": _("This section has not been written yet.")}
        return
    if written != language:
        yield {"kind": "notice", "text": not_written(language, written)}
    yield from paragraphs(text, written)


def not_written(language: str, written: str) -> str:
    """That something is missing in this language, and in which it is shown."""
    names = {"language": _local(language), "other": _local(written)}
    return _("Not written in %(language)s yet: shown in %(other)s.") % names


def _local(code: str) -> str:
    return str(get_language_info(code)["name_translated"]) if code in languages() else code


def paragraphs(text: str, language: str) -> Iterator[Block]:
    """Paragraphs stand between empty lines; lines with a dash before them are a list."""
    for piece in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in piece.split("\n") if line.strip()]
        points = [POINT.sub("", line) for line in lines if POINT.match(line)]
        said = " ".join(line for line in lines if not POINT.match(line))
        if said:
            yield {"kind": "text", "text": said, "lang": language}
        if points:
            yield {"kind": "points", "texts": points, "lang": language}


def _figures(read: Reader, section: Section, title: str) -> Iterator[Block]:
    found = read.of(section)
    if found is None or section.part not in found.parts:
        yield {
            "kind": "notice",
            "text": _("The release behind this section is public no more: %(name)s.")
            % {"name": section.source},
        }
        return
    name = part_title(section.part, found.parts[section.part])
    yearly = section.layout == Layout.YEARS
    before = read.before(found) if yearly else None
    grid = (
        side_by_side(found, before, section.part, section.report.year)
        if yearly
        else trend(found, section.part)
    )
    sources = [found.identifier, *([before.identifier] if before and grid.change else [])]
    if section.kind == "chart" and (plot := _plot(grid, name, yearly)):
        yield plot
    if section.kind == "map":
        yield {"kind": "map", "title": name, "flows": lines_of(found.parts[section.part])}
    yield {
        "kind": "table", "caption": name, "corner": _("Figure"), "rows": grid.rows, "sources": sources,
        "heads": [*grid.heads, *([_("Difference")] if grid.change else [])], "notes": list(grid.notes),
    }  # fmt: skip


def _plot(grid: Grid, name: str, yearly: bool) -> Block | None:
    """The chart: what was never published has no place in it, what is withheld has its mark."""
    known = [
        (label, cells)
        for label, cells in grid.lines
        if all(one is not None and one.status in (SHOWN, WITHHELD) for one in cells)
    ]
    if not known or all(one is None or one.value is None for _label, cells in known for one in cells):
        return None
    left = len(grid.lines) - len(known)
    note = _("Lines without published figures stand in the table alone.") if left else ""
    values = [[one.value if one else None for one in cells] for _label, cells in known]
    labels = [label for label, _cells in known]
    if yearly:
        series = [[head, [row[i] for row in values]] for i, head in enumerate(grid.heads)]
        return {
            "kind": "plot",
            "shape": "grouped",
            "title": name,
            "labels": labels,
            "series": series,
            "note": note,
        }
    return {
        "kind": "plot", "shape": "line", "title": name, "labels": list(grid.heads),
        "series": [[label, row] for label, row in zip(labels, values, strict=True)], "note": note,
    }  # fmt: skip


def _advice(report: Report, language: str, above: str) -> Iterator[Block]:
    """What became of the old ones, and the new ones; no title of its own where the section bears it already."""
    rows = list(report.recommendations.select_related("of"))
    old, new = [one for one in rows if one.of_id], [one for one in rows if not one.of_id]
    if old:
        yield {
            "kind": "advice",
            "title": _("What became of last year's recommendations"),
            "rows": [_followed(one, language) for one in old],
        }
    if new:
        texts = [_said(one.texts, language) for one in new]
        title = _("Recommendations")
        told = "" if title == above and not old else title
        yield {"kind": "advice", "title": told, "rows": [[text, "", ""] for text in texts]}
    if not rows:
        yield {"kind": "notice", "text": _("No recommendation has been written yet.")}


def _followed(one: Recommendation, language: str) -> list[str]:
    outcome = str(Outcome(one.outcome).label) if one.outcome else _("not told yet")
    return [_said(one.texts, language), outcome, _said(one.notes, language)]


def _said(words: Mapping[str, str], language: str) -> str:
    text, written = in_language(words, language)
    return f"{text} ({not_written(language, written)})" if text and written != language else text


def _sources(read: Reader) -> Sequence[Block]:
    if not read.used:
        return ()
    rows = [[one.identifier, one.title, one.sha256] for one in read.used.values()]
    return ({"kind": "sources", "title": _("Where the figures come from"), "rows": rows},)
