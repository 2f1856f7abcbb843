"""What a chart is, before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.web.charts.scale import figure

Words = str | Promise
KINDS = ("bar", "grouped", "stacked", "line", "pyramid")
MOST_SERIES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values; None is a suppressed value."""

    name: Words
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """A title that says what is counted, labels, series, the unit in words, and a note (source, warning)."""

    kind: str
    title: Words
    x_labels: Sequence[Words]
    series: Sequence[Series]
    unit: Words = ""
    note: Words = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a chart is one of {', '.join(KINDS)}, not {self.kind!r}")
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has 1 to {MOST_SERIES} series, not {len(self.series)}")
        if self.kind == "pyramid" and len(self.series) != 2:
            raise ValueError("a pyramid has two series")
        for series in self.series:
            if len(series.values) != len(self.x_labels):
                raise ValueError(
                    f"{len(series.values)} values for {len(self.x_labels)} labels: {series.name}"
                )
            if any(value is not None and value < 0 for value in series.values):
                raise ValueError(f"a value is negative: {series.name}")

    @property
    def key(self) -> str:
        """A name for the parts of this chart on the page, the same every time."""
        said = (self.kind, self.title, *self.x_labels, *(series.name for series in self.series))
        return f"chart-{crc32('|'.join(map(str, said)).encode()):08x}"

    @property
    def withheld(self) -> int:
        """How many values are suppressed."""
        return sum(value is None for series in self.series for value in series.values)

    @property
    def is_empty(self) -> bool:
        return not self.x_labels

    @property
    def is_silent(self) -> bool:
        """Whether every value is suppressed: an axis and a row of marks would look like figures."""
        return bool(self.x_labels) and self.withheld == len(self.series) * len(self.x_labels)

    @property
    def rows(self) -> list[tuple[Words, list[float | None]]]:
        """The table behind the chart: a label and one value per series."""
        return [(label, [s.values[i] for s in self.series]) for i, label in enumerate(self.x_labels)]

    def description(self) -> str:
        """The chart in sentences, for those who hear it."""
        told = [_("%(count)s categories.") % {"count": len(self.x_labels)}]
        known = [
            (value, label, series.name)
            for series in self.series
            for label, value in zip(self.x_labels, series.values, strict=True)
            if value is not None
        ]
        if known:
            value, label, name = max(known, key=lambda item: item[0])
            where = f"{label}, {name}" if len(self.series) > 1 else str(label)
            told.append(_("Highest: %(where)s, %(value)s.") % {"where": where, "value": figure(value)})
        if self.withheld:
            said = ngettext("%(count)s value is withheld.", "%(count)s values are withheld.", self.withheld)
            told.append(said % {"count": self.withheld})
        told.append(_("The table below the chart holds every value."))
        return " ".join(told)
