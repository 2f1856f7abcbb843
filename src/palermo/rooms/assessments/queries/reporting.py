"""The report as plain data: the picture, strengths, gaps, what is open. Nothing is added up into a score."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from palermo.rooms.assessments.models import Assessment
from palermo.rooms.assessments.queries.answers import Agreement, Beside, agreements, beside
from palermo.rooms.assessments.queries.standing import toolkit_of
from palermo.rooms.assessments.queries.words import CODES, LEAST, LEVELS, MOST, dimension_words, value_words
from palermo.standards.toolkits import DIMENSIONS, MATRIX, SCALE, Measure, Toolkit, spoken


@dataclass(frozen=True, slots=True)
class Told:
    """One cell of the report. asked: whether the measure has this dimension at all."""

    column: str
    dimension: str
    asked: bool = True
    value: str | None = ""
    code: str = ""
    words: str = ""
    level: str = ""
    narratives: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One measure with its cells: four for a matrix, one for every other."""

    code: str
    text: str
    legal: tuple[str, ...]
    matrix: bool
    cells: tuple[Told, ...]

    @property
    def answered(self) -> tuple[Told, ...]:
        return tuple(one for one in self.cells if one.asked)

    @property
    def said(self) -> tuple[Told, ...]:
        """Cells with something written beside them."""
        return tuple(one for one in self.cells if one.narratives or one.evidence or one.note)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    matrix: tuple[Row, ...]
    others: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.matrix + self.others


@dataclass(frozen=True, slots=True)
class Report:
    """strengths, gaps, unknown: (code, text, column, words) of the cells that are told there."""

    toolkit: Toolkit
    columns: tuple[str, ...]
    sections: tuple[Section, ...]
    agreements: tuple[Agreement, ...]
    strengths: tuple[tuple[str, str, str, str], ...]
    gaps: tuple[tuple[str, str, str, str], ...]
    unknown: tuple[tuple[str, str, str, str], ...]


def report(of: Assessment, language: str) -> Report:
    """Everything that the page and the files tell, in one language."""
    toolkit, rows = toolkit_of(of), beside(of)
    found = {(one.measure.code, one.dimension): one for one in rows}
    sections = tuple(
        Section(
            f"{part.code}. {spoken(part.title, language)}",
            tuple(_row(one, found, language) for one in part.measures if one.answer == MATRIX),
            tuple(_row(one, found, language) for one in part.measures if one.answer != MATRIX),
        )
        for part in toolkit.parts
    )
    return Report(
        toolkit, tuple(dimension_words(one) for one in DIMENSIONS), sections, tuple(agreements(rows)),
        strengths=_listed(sections, lambda value: value in MOST),
        gaps=_listed(sections, lambda value: value in LEAST),
        unknown=_listed(sections, lambda value: value in (None, "", "not_known")),
    )  # fmt: skip


def _row(measure: Measure, found: Mapping[tuple[str, str], Beside], language: str) -> Row:
    columns = DIMENSIONS if measure.answer == MATRIX else ("",)
    cells = tuple(_told(measure, one, found.get((measure.code, one))) for one in columns)
    return Row(measure.code, measure.said(language), measure.legal, measure.answer == MATRIX, cells)


def _told(measure: Measure, dimension: str, row: Beside | None) -> Told:
    column = dimension_words(dimension)
    if row is None:
        return Told(column, dimension, asked=False)
    value = row.value
    fixed = bool(measure.values) or value in (None, "")
    return Told(
        column, dimension, True, value, CODES.get(value, ""),
        f"{value} / 4" if measure.answer == SCALE and value and value.isdecimal() else value_words(value),
        LEVELS.get(value, "") if fixed else "", tuple(row.narratives), tuple(row.evidence),
        row.reconciled.note if row.reconciled else "",
    )  # fmt: skip


def _listed(
    sections: Iterable[Section], wanted: Callable[[str | None], bool]
) -> tuple[tuple[str, str, str, str], ...]:
    return tuple(
        (row.code, row.text, cell.column, cell.words)
        for section in sections
        for row in section.rows
        for cell in row.answered
        if (row.matrix or cell.level or cell.value in (None, "", "not_known")) and wanted(cell.value)
    )
