"""A law as Akoma Ntoso 3.0 (OASIS LegalDocML) and back: a subset of the standard, the hierarchy of acts.

Written: act, its three FRBR levels, preface, and part, title, chapter, section, article, paragraph, point with num,
heading, content. Read: the same, and any other hierarchical element by its words, so that nothing is lost of a foreign
document but its inline markup. Entities and external definitions are refused.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date

from defusedxml import ElementTree as Safe
from defusedxml.common import DefusedXmlException

from palermo.legislation.provisions import KINDS, RANK, LawText, Provision, addressed

NS = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
MOST = 20_000_000
# The standard wants three letters for languages.
THREE = {
    "en": "eng", "fr": "fra", "ar": "ara", "es": "spa", "ru": "rus", "pt": "por", "zh": "zho", "ne": "nep", "ur": "urd",
    "lo": "lao", "ps": "pus", "fa": "fas", "uk": "ukr", "ky": "kir", "be": "bel",
}  # fmt: skip
TWO = {long: short for short, long in THREE.items()}


class Unreadable(ValueError):
    """Why a file is no law that we can read, in words."""


def q(name: str) -> str:
    return f"{{{NS}}}{name}"


def to_akoma(law: LawText) -> bytes:
    """The document as UTF-8, with a declaration; the same law gives the same bytes."""
    ET.register_namespace("", NS)
    root = ET.Element(q("akomaNtoso"))
    act = ET.SubElement(root, q("act"), {"name": "act", "contains": "singleVersion"})
    _identification(ET.SubElement(act, q("meta")), law)
    title = ET.SubElement(ET.SubElement(act, q("preface")), q("longTitle"))
    ET.SubElement(ET.SubElement(title, q("p")), q("docTitle")).text = law.title
    body = ET.SubElement(act, q("body"))
    _put(body, list(law.provisions))
    if not len(body):
        ET.SubElement(
            ET.SubElement(ET.SubElement(body, q("hcontainer"), {"name": "empty"}), q("content")), q("p")
        )
    ET.indent(root)
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode() + b"\n"
    )


def _identification(meta: ET.Element, law: LawText) -> None:
    told = ET.SubElement(meta, q("identification"), {"source": "#source"})
    language = THREE.get(law.language, law.language)
    expression = f"{law.uri}/{language}@{law.valid_from.isoformat()}"
    levels = (
        ("FRBRWork", law.uri, law.date, "generation"), ("FRBRExpression", expression, law.valid_from, "validity"),
        ("FRBRManifestation", f"{expression}.xml", law.valid_from, "validity"),
    )  # fmt: skip
    for name, uri, day, what in levels:
        level = ET.SubElement(told, q(name))
        this = f"{uri}/!main" if name != "FRBRManifestation" else f"{expression}/!main.xml"
        ET.SubElement(level, q("FRBRthis"), {"value": this})
        ET.SubElement(level, q("FRBRuri"), {"value": uri})
        ET.SubElement(level, q("FRBRdate"), {"date": day.isoformat(), "name": what})
        ET.SubElement(level, q("FRBRauthor"), {"href": "#source"})
        if name == "FRBRWork":
            ET.SubElement(level, q("FRBRcountry"), {"value": law.country.lower()})
            ET.SubElement(level, q("FRBRnumber"), {"value": law.number})
        if name == "FRBRExpression":
            ET.SubElement(level, q("FRBRlanguage"), {"language": language})
    references = ET.SubElement(meta, q("references"), {"source": "#source"})
    source = {"eId": "source", "href": "/ontology/organization/palermo", "showAs": "palermo"}
    ET.SubElement(references, q("TLCOrganization"), source)


def _put(body: ET.Element, provisions: list[Provision]) -> None:
    """Provisions as elements inside one another, by their depth."""
    above: list[tuple[int, ET.Element]] = [(-1, body)]
    for place, one in enumerate(provisions):
        while above[-1][0] >= one.depth:
            above.pop()
        attributes = {"eId": one.eid}
        if one.kind not in KINDS:
            attributes["name"] = "text"
        made = ET.SubElement(above[-1][1], q(one.kind if one.kind in KINDS else "hcontainer"), attributes)
        if one.num:
            ET.SubElement(made, q("num")).text = one.num
        if one.heading:
            ET.SubElement(made, q("heading")).text = one.heading
        inside = place + 1 < len(provisions) and provisions[place + 1].depth > one.depth
        if one.text or not inside:
            holder = ET.SubElement(made, q("intro" if inside else "content"))
            for line in one.text.split("\n"):
                ET.SubElement(holder, q("p")).text = line
        above.append((one.depth, made))


def from_akoma(content: bytes) -> LawText:
    """The law of a document. Raises Unreadable with a sentence."""
    if len(content) > MOST:
        raise Unreadable("The file is larger than 20 MB.")
    try:
        root = Safe.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("The file declares entities or a document type, which is refused.") from None
    except ET.ParseError as error:
        raise Unreadable(f"This is not well-formed XML (line {error.position[0]}).") from None
    act = root.find(q("act"))
    if root.tag != q("akomaNtoso") or act is None:
        raise Unreadable("This is not an act in Akoma Ntoso 3.0.")
    work, expression = (
        act.find(f"{q('meta')}/{q('identification')}/{q(n)}") for n in ("FRBRWork", "FRBRExpression")
    )
    if work is None or expression is None:
        raise Unreadable("The act does not say which work and which expression it is (FRBR).")
    body = act.find(q("body"))
    found = list(_found(body)) if body is not None else []
    language = _value(expression, "FRBRlanguage", "language")
    return LawText(
        uri=_value(work, "FRBRuri"), country=_value(work, "FRBRcountry").upper(),
        language=TWO.get(language, language), title=_title(act), number=_value(work, "FRBRnumber"),
        date=_day(work), valid_from=_day(expression), provisions=addressed(found),
    )  # fmt: skip


def _value(level: ET.Element, name: str, attribute: str = "value") -> str:
    found = level.find(q(name))
    return "" if found is None else found.get(attribute, "")


def _day(level: ET.Element) -> date:
    text = _value(level, "FRBRdate", "date")
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Unreadable(f"“{text[:20]}” is not a date.") from None


def _title(act: ET.Element) -> str:
    for path in (f".//{q('docTitle')}", f".//{q('longTitle')}", f".//{q('shortTitle')}"):
        found = act.find(path)
        if found is not None and (words := _words(found)):
            return words
    return ""


def _words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _lines(holder: ET.Element | None) -> str:
    if holder is None:
        return ""
    paragraphs = list(holder.iter(q("p")))
    return "\n".join(_words(one) for one in paragraphs).strip("\n") if paragraphs else _words(holder)


def _found(parent: ET.Element) -> Iterator[Provision]:
    """The provisions inside an element, in their order. A kind that we do not know stands as text."""
    for element in parent:
        name = element.tag.removeprefix(f"{{{NS}}}")
        if name in ("num", "heading", "subheading", "intro", "content", "wrapUp"):
            continue
        kind = {"subsection": "paragraph", "subparagraph": "point", "list": "paragraph"}.get(name, name)
        kind = kind if kind in RANK else "text"
        num, heading = (element.find(q(part)) for part in ("num", "heading"))
        text = "\n".join(
            filter(None, (_lines(element.find(q(part))) for part in ("intro", "content", "wrapUp")))
        )
        told = ("" if num is None else _words(num), "" if heading is None else _words(heading))
        if any(told) or text or kind != "text":
            yield Provision("", kind, *told, text, 0)
        yield from _found(element)
