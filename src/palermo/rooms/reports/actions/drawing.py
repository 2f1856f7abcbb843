"""Charts of a report: on pages by the shell's own, on paper with their styles inside."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from palermo.rooms.releases.queries import publisher
from palermo.web.charts import Chart, Flow, FlowMap, Series, draw
from palermo.web.charts.ground import boundaries, place_of, place_of_here

COLORS = ("#0b5c82", "#d2691e", "#5b7f2b", "#8a4b9c", "#b08900", "#6b7785")
STYLE = (
    ".chart-grid{stroke:#bbb;stroke-width:1}.chart-axis{stroke:#666;stroke-width:1}"
    ".chart-line{fill:none;stroke-width:2.5}.chart-withheld{stroke:#666;stroke-width:1}"
    ".chart-hatch-line{stroke:#666;stroke-width:2}"
    ".chart-shape{fill:#fff;stroke:#fff;stroke-width:1}.chart-edge{stroke:#fff;stroke-width:1}"
) + "".join(f".chart-s{n}{{fill:{color}}}.chart-l{n}{{stroke:{color}}}" for n, color in enumerate(COLORS, 1))
# A text of the sheet: its class, its place, which end of it stands there, and its words (escaped when drawn).
TEXT = re.compile(r'<text(?: class="([^"]*)")? x="([\d.-]+)" y="([\d.-]+)" text-anchor="(\w+)">(.*?)</text>')
SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
WIDTH, ROOM, LINE = 130.0, 60.0, 5.0  # millimetres: of the chart, for a text, of a line


def plotted(block: Mapping[str, Any]) -> Chart:
    """The chart of a block of the report."""
    return Chart(
        block["shape"], block["title"], tuple(block["labels"]),
        [Series(name, tuple(values)) for name, values in block["series"]], note=block["note"],
    )  # fmt: skip


def mapped(block: Mapping[str, Any]) -> FlowMap | None:
    """The map of a block; None where none of its ends is on the map, or the map of this installation cannot be used."""
    ground, here = boundaries(), place_of_here()
    flows = []
    for one in block["flows"]:
        start, end = place_of(one["from"]), place_of(one["to"]) if one["to"] else here
        if start and end and start != end:
            flows.append(Flow(one["name"], start, one["value"], end if one["to"] else None))
    if ground is None or not flows:
        return None
    legs = any(flow.to for flow in flows)
    return FlowMap(block["title"], publisher(), None if legs else here, flows, ground)


def on_paper(chart: Chart, rtl: bool) -> SafeString:
    """The chart with its styles, its words and its legend in it: a page of paper has no other.

    Words are laid over the drawing as text of the page: what draws the PDF sets text inside a drawing letter by letter,
    which takes Arabic apart.
    """
    drawn = str(draw(chart, rtl=rtl))
    found = SIZE.search(drawn)
    wide, high = (float(found[1]), float(found[2])) if found else (480.0, 320.0)
    scale = WIDTH / wide
    words = SafeString("".join(_laid(match, scale, rtl) for match in TEXT.finditer(drawn)))
    opened, _tag, rest = TEXT.sub("", drawn).partition(">")
    svg = SafeString(f"{opened}><style>{STYLE}</style>{rest}")
    sheet = format_html(
        '<div class="plot-sheet" style="height:{}mm">{}{}</div>', round(high * scale, 1), svg, words
    )
    return format_html('<p class="plot-title">{}</p>{}{}', chart.title, sheet, _legend(chart))


def _laid(match: re.Match[str], scale: float, rtl: bool) -> str:
    """A text over the drawing, with the same end at the same place."""
    look, x, y, anchor, words = match.groups()
    at, top = float(x) * scale, float(y) * scale - 0.78 * LINE
    start = "right" if rtl else "left"
    side = {"middle": "center", "start": start}.get(anchor, "left" if rtl else "right")
    left = {"center": at - ROOM / 2, "left": at}.get(side, at - ROOM)
    style = f"left:{left:.1f}mm;top:{top:.1f}mm;text-align:{side}"
    return f'<span class="plot-word {look or ""}" style="{style}">{words}</span>'


def _legend(chart: Chart) -> SafeString:
    keys = [(COLORS[place], str(one.name)) for place, one in enumerate(chart.series)]
    said = format_html_join(
        " ",
        '<span class="plot-key"><span style="color:{}">■</span> <bdi>{}</bdi></span>',
        keys if len(keys) > 1 else (),
    )
    if not chart.withheld:
        return format_html('<p class="plot-legend">{}</p>', said) if said else SafeString("")
    return format_html(
        '<p class="plot-legend">{} <span class="plot-key">▨ {}</span></p>',
        said,
        _("Withheld: too few to publish"),
    )
