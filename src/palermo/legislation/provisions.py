"""A law's text as provisions in their order, each with an address inside the law (eId) as Akoma Ntoso names it.

Plain text is read as people write laws: a line that begins with “Chapter II” or “المادة 3” opens a provision, the rest
of that line is its heading, “(1)” at the beginning of a line opens a paragraph and “(a)” a point. Nothing is dropped:
what stands before the first such line becomes a provision without a number.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

# From the widest to the narrowest; the short names are those that eIds begin with.
KINDS = {
    "part": "part", "title": "title", "chapter": "chp", "section": "sec", "article": "art", "paragraph": "para",
    "point": "point",
}  # fmt: skip
RANK = {kind: place for place, kind in enumerate(KINDS)}
WORDS = {
    "part": ("part", "partie", "parte", "часть", "القسم"),
    "title": ("title", "titre", "título", "титул", "الباب"),
    "chapter": ("chapter", "chapitre", "capítulo", "глава", "الفصل"),
    "section": ("section", "sec.", "sección", "seção", "§", "раздел", "الفرع", "القسم الفرعي"),
    "article": ("article", "art.", "artículo", "artigo", "статья", "المادة", "مادة", "第"),
}
_WORD = {word: kind for kind, words in WORDS.items() for word in words}
_DIGITS = r"\(?[0-9٠-٩۰-۹]+(?:[-./][0-9٠-٩۰-۹]+)*\)?[ ]?(?:bis|ter|quater|مكرر)?[a-zA-Z]?"
_LETTERS = (
    r"(?-i:[IVXLCDM]+|[A-Z])"  # “Chapter II”, “Part A”; small letters would make a number of “Articles”
)
_OPENS = re.compile(
    rf"^\s*(?P<num>(?P<word>{'|'.join(re.escape(w) for w in sorted(_WORD, key=len, reverse=True))})"
    rf"(?P<number>\s*{_DIGITS}|\s+{_LETTERS})(?:条|條)?)(?=$|[\s.:–—-])[\s.:–—-]*(?P<rest>.*)$",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"^\s*(?P<num>\((?P<number>[0-9٠-٩۰-۹]+)\))\s*(?P<rest>.*)$")
_POINT = re.compile(r"^\s*(?P<num>\((?P<number>[^\W\d_]{1,4})\))\s*(?P<rest>.*)$")
_WESTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


@dataclass(frozen=True, slots=True)
class Provision:
    """A piece of a law. kind: of KINDS, or "text" where it has no number; num as the source writes it ("Article 3").

    text: its own words only, lines kept; what is inside it follows as provisions of a greater depth.
    """

    eid: str
    kind: str
    num: str
    heading: str
    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class LawText:
    """A law as it stood from a day on. language: two letters; uri: its FRBR address (`frbr_uri`)."""

    uri: str
    country: str
    language: str
    title: str
    number: str
    date: datetime.date
    valid_from: datetime.date
    provisions: tuple[Provision, ...]


def frbr_uri(country: str, kind: str, day: datetime.date, number: str) -> str:
    """The address of a work: /akn/<country>/act/<kind>/<year>/<number>. `kind` "act" is left out, as is usual."""
    clean = re.sub(r"[^a-z0-9]+", "-", number.lower().translate(_WESTERN)).strip("-") or "nn"
    middle = "act" if kind == "act" else f"act/{kind}"
    return f"/akn/{country.lower()}/{middle}/{day.year:04d}/{clean}"


def parse(text: str) -> tuple[Provision, ...]:
    """The provisions of a plain text. Raises nothing: every line finds a place."""
    found: list[Provision] = []
    lines: list[str] = []

    def close() -> None:
        words = "\n".join(lines).strip()
        lines.clear()
        if found:
            found[-1] = replace(found[-1], text=words)
        elif words:
            found.append(Provision("", "text", "", "", words, 0))

    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        opened = _opened(line, found)
        if opened is None:
            lines.append(line.rstrip())
            continue
        close()
        found.append(opened[0])
        lines.extend(opened[1:])
    close()
    return addressed(found)


def _opened(line: str, before: Sequence[Provision]) -> tuple[Provision, *tuple[str, ...]] | None:
    """The provision that a line opens, and what of the line is already its text; None where it opens none."""
    if hit := _OPENS.match(line):
        kind = _WORD[hit["word"].lower()]
        return (Provision("", kind, hit["num"].strip(), hit["rest"].strip(), "", 0),)
    inside = any(one.kind in ("section", "article") for one in before)
    for pattern, kind in ((_PARAGRAPH, "paragraph"), (_POINT, "point")):
        if inside and (hit := pattern.match(line)):
            rest = (hit["rest"].strip(),) if hit["rest"].strip() else ()
            return (Provision("", kind, hit["num"], "", "", 0), *rest)
    return None


def addressed(provisions: Iterable[Provision]) -> tuple[Provision, ...]:
    """Depths by rank, and the eId of each: its parents' and its own, told apart by a number where two are alike."""
    above: list[Provision] = []
    seen: Counter[str] = Counter()
    done: list[Provision] = []
    for one in provisions:
        while above and RANK.get(above[-1].kind, 99) >= RANK.get(one.kind, -1):
            above.pop()
        own = f"{KINDS.get(one.kind, 'text')}_{_tail(one)}"
        name = f"{above[-1].eid}__{own}" if above else own
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name}-{seen[name]}"
        placed = replace(one, eid=name, depth=len(above))
        done.append(placed)
        if one.kind in RANK:
            above.append(placed)
    return tuple(done)


def _tail(one: Provision) -> str:
    hit = _OPENS.match(one.num) or _PARAGRAPH.match(one.num) or _POINT.match(one.num)
    number = hit["number"].strip() if hit else one.num
    return re.sub(r"\W+", "-", number.translate(_WESTERN)).strip("-") or "1"


def plain(provisions: Iterable[Provision]) -> str:
    """The text that reads as these provisions: `parse(plain(parse(text))) == parse(text)`."""
    out: list[str] = []
    for one in provisions:
        if one.kind in ("paragraph", "point"):
            out.append(f"{one.num} {one.text}".rstrip())
            continue
        if one.num:
            out.append(f"{one.num}. {one.heading}".rstrip(". ") if one.heading else one.num)
        if one.text:
            out.append(one.text)
    return "\n".join(out)
