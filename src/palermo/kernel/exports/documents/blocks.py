"""What a document is: frozen data, in one language, with a code where others would print a name."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.conf import settings

# Around what is put into a sentence: its direction is its own (Unicode FSI and PDI, UAX 9).
ISOLATE, END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `weight` is "lead" for the sentence that the letter is about, "quiet" for the small print."""

    text: str
    weight: Literal["", "lead", "quiet"] = ""
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, two columns. A value that is empty leaves its line out."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(row for row in self.rows if row[1]))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. With `figures` the first cell of a row names it and the others are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = "table"
    caption: str = ""
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart. `svg` is drawn by the house, never by a person, and holds its own styles; a word processor draws it anew
    of labels and series, where None is no point. `alt`: the chart in words."""

    shape: Literal["columns", "line"]
    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    alt: str
    svg: str
    kind: Literal["plot"] = "plot"


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    texts: tuple[str, ...]
    kind: Literal["points"] = "points"


@dataclass(frozen=True, slots=True)
class Boxes:
    """Lines with a box to tick by hand."""

    texts: tuple[str, ...]
    kind: Literal["boxes"] = "boxes"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to write or sign on, each with what belongs there under it."""

    labels: tuple[str, ...]
    kind: Literal["lines"] = "lines"


@dataclass(frozen=True, slots=True)
class PageBreak:
    kind: Literal["page_break"] = "page_break"


Block = Heading | Paragraph | Facts | Table | Plot | Points | Boxes | Lines | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A letter, form or sheet.

    `what` is a short code that becomes the name of the file; `code` stands for the person; `name` is empty unless
    `handing.hand_out_document` filled it after the identity was opened; `dated` is the only time that it tells.
    """

    what: str
    title: str
    language: str
    dated: date
    blocks: tuple[Block, ...]
    version: str
    code: str = ""
    reference: str = ""
    issuer: str = ""
    name: str = ""
    mark: str = ""  # "Confidential", in the language of the document; empty when it is for everybody

    @property
    def rtl(self) -> bool:
        return self.language.split("-")[0] in settings.LANGUAGES_BIDI

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"

    @property
    def identity(self) -> bool:
        """Whether it names somebody."""
        return bool(self.name)

    def __repr__(self) -> str:
        """Says no word of the content: a document must not slip into a log or an error page."""
        return f"Document({self.what}, {self.language})"
