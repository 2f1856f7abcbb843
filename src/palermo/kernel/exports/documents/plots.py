"""A chart as the word processor's own (DrawingML, ECMA-376 part 1, chapter 21.2): drawn there from the figures inside.

It carries its values and no workbook: it can be read, resized and restyled, and its numbers cannot be edited. What has
no value has no point; nothing of it is in the file.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from palermo.kernel.exports.documents.blocks import Plot

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
WIDTH, HEIGHT = 5_400_000, 3_000_000  # EMU: 15 by 8.3 cm
COLORS = ("7A8896", "0B5C82", "B3541E", "4F7A28", "7B4A9E", "A8201A")


def add_plot(paragraph: Any, plot: Plot, rtl: bool) -> None:
    """The chart in a paragraph of its own, with its words for those who hear it."""
    package = paragraph.part.package
    name = package.next_partname("/word/charts/chart%d.xml")
    part = Part(PackURI(name), TYPE, chart_xml(plot, rtl).encode(), package)
    link = paragraph.part.relate_to(part, f"{RELATION}/chart")
    number = 1 + sum(1 for one in paragraph.part.rels.values() if one.reltype.endswith("/chart"))
    paragraph.add_run()._r.append(parse_xml(_drawing(plot, link, number)))


def _drawing(plot: Plot, link: str, number: int) -> str:
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{WIDTH}" cy="{HEIGHT}"/>'
        f'<wp:docPr id="{number}" name={quoteattr(f"chart {number}")} descr={quoteattr(plot.alt)}/>'
        f'<a:graphic xmlns:a="{MAIN}"><a:graphicData uri="{CHART}">'
        f'<c:chart xmlns:c="{CHART}" xmlns:r="{RELATION}" r:id="{link}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def chart_xml(plot: Plot, rtl: bool) -> str:
    """The chart part: title, series with their cached figures, axes, legend."""
    series = "".join(_series(plot, place) for place in range(len(plot.series)))
    if plot.shape == "line":
        kind, opening, after = "lineChart", '<c:grouping val="standard"/>', '<c:marker val="1"/>'
    else:
        kind, after = "barChart", '<c:gapWidth val="80"/>'
        opening = '<c:barDir val="col"/><c:grouping val="clustered"/>'
    legend = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>' if len(plot.series) > 1 else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{MAIN}" xmlns:r="{RELATION}"><c:roundedCorners val="0"/>'
        f'<c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr rtl="{int(rtl)}"><a:defRPr sz="1100" b="1"/></a:pPr>'
        f'<a:r><a:rPr sz="1100" b="1"/><a:t>{escape(plot.title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:{kind}>{opening}<c:varyColors val="0"/>{series}{after}<c:axId val="1"/><c:axId val="2"/></c:{kind}>'
        f"{_axes(rtl)}</c:plotArea>{legend}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def _axes(rtl: bool) -> str:
    way = "maxMin" if rtl else "minMax"  # Arabic readers begin at the right.
    side = "r" if rtl else "l"
    return (
        f'<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{way}"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:tickLblPos val="low"/>'
        '<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{side}"/><c:majorGridlines/><c:numFmt formatCode="General" '
        'sourceLinked="0"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="autoZero"/></c:valAx>'
    )


def _series(plot: Plot, place: int) -> str:
    name, values = plot.series[place]
    column = chr(ord("B") + place)
    many = len(plot.labels)
    color = COLORS[place % len(COLORS)]
    fill = f'<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'
    look = f'<a:ln w="28575">{fill}</a:ln>' if plot.shape == "line" else fill
    labels = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>' for n, text in enumerate(plot.labels)
    )
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value:.15g}</c:v></c:pt>'
        for n, value in enumerate(values)
        if value is not None
    )
    inverted = "" if plot.shape == "line" else '<c:invertIfNegative val="0"/>'
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef><c:f>S!${column}$1</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f"<c:spPr>{look}</c:spPr>{inverted}<c:cat><c:strRef><c:f>S!$A$2:$A${many + 1}</c:f><c:strCache>"
        f'<c:ptCount val="{many}"/>{labels}</c:strCache></c:strRef></c:cat><c:val><c:numRef>'
        f"<c:f>S!${column}$2:${column}${many + 1}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{many}"/>{points}</c:numCache></c:numRef></c:val></c:ser>'
    )
