"""A sheet on which a picture is drawn: SVG as text, no style attributes, so that it stands in any page.

Colours are attributes in tones that are told apart by the colour-blind and seen on white and on dark paper alike
(after Okabe and Ito 2008); what is written takes the colour of the page around it. Every mark has a tooltip and data
attributes; the whole has a title and a description for those who do not see it. Text stays text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

BLUE, VERMILLION, GREEN, GREY = "#1a7fc1", "#d55e00", "#009e73", "#7a7a7a"
SIZE = 13.0  # letters, in the units of the sheet
SMALL = 11.0
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif"
PAPER = (
    "<style>svg{color:#1b1f24;background:#fff}"
    "@media (prefers-color-scheme:dark){svg{color:#e8eaed;background:#14181d}}"
    "@media print{svg{color:#000;background:#fff}}</style>"
)
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Say = Callable[[str], str]


def plain_number(value: float) -> str:
    """A figure as the library writes it: whole above 100, otherwise with the digits that it needs."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


@dataclass(frozen=True)
class Look:
    """How a picture speaks: `say` translates its English words, `number` writes figures, `key` makes its ids unique
    in a page. `standalone` adds paper and ink for a file that is opened by itself."""

    say: Say = str
    number: Callable[[float], str] = plain_number
    key: str = ""
    standalone: bool = False

    def told(self, text: str, **values: object) -> str:
        """A translated sentence with figures and names put in, each kept in its own direction."""
        said = {
            name: isolated(self.number(one)) if isinstance(one, (int, float)) else isolated(str(one))
            for name, one in values.items()
        }
        return self.say(text).format(**said)

    def share(self, value: float, digits: int = 0) -> str:
        """A share as a percentage."""
        return self.told("{number} %", number=round(100 * value, digits))


def isolated(text: str) -> str:
    """A name or a figure inside a sentence of any direction (Unicode isolates)."""
    return f"\u2068{text}\u2069"


def clean(text: object) -> str:
    """Text that may stand in XML."""
    return escape(_BAD.sub("\ufffd", str(text)), quote=True)


def wide(text: str, size: float = SIZE) -> float:
    """About how wide a text is, rather too wide than too narrow."""
    return sum(0.32 if c in "iljtfr.,:;'|()[] -" else 0.86 if c in "mwMWQO@%∞" else 0.64 for c in text) * size


def cut(text: str, room: float, size: float = SIZE) -> str:
    """The text, shortened with an ellipsis where it does not fit."""
    if wide(text, size) <= room + 0.5:  # what was measured for just this text fits
        return text
    while text and wide(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@dataclass
class Sheet:
    """Collects marks; `svg` gives the picture."""

    width: float
    height: float
    look: Look
    parts: list[str] = field(default_factory=list)

    def add(self, tag: str, **attributes: object) -> None:
        """One element. An underscore in a name is a hyphen; numbers are rounded to a tenth."""
        self.parts.append(f"<{tag}{_attributes(attributes)}/>")

    def mark(self, title: str, data: Mapping[str, object]) -> None:
        """Opens a group with a tooltip and data for scripts; `end` closes it."""
        said = "".join(f' data-{name}="{clean(value)}"' for name, value in data.items() if value is not None)
        self.parts.append(f'<g class="picture-mark"{said}><title>{clean(title)}</title>')

    def end(self) -> None:
        self.parts.append("</g>")

    def line(self, x1: float, y1: float, x2: float, y2: float, color: str = GREY, **more: object) -> None:
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, **more)

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", size: float = SIZE, **more: object
    ) -> None:
        named = {"x": x, "y": y, "text_anchor": anchor, "font_size": size, "fill": "currentColor", **more}
        self.parts.append(f"<text{_attributes(named)}>{clean(words)}</text>")

    def svg(self, name: str, title: str, description: str, **data: str) -> str:
        """The whole picture, with `data` for scripts. Its layout runs from left to right whatever the page around."""
        key = clean(self.look.key or name)
        said = clean(description or self.look.say("nothing to show"))
        more = "".join(f' data-{one}="{clean(value)}"' for one, value in data.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="picture picture-{name}"{more} direction="ltr" '
            f'viewBox="0 0 {px(self.width)} {px(self.height)}" width="{px(self.width)}" height="{px(self.height)}" '
            f'font-family="{clean(FONT)}" role="img" aria-labelledby="{key}-title {key}-desc">'
            f'<title id="{key}-title">{clean(title)}</title><desc id="{key}-desc">{said}</desc>'
            f"{PAPER if self.look.standalone else ''}{''.join(self.parts)}</svg>"
        )


def _attributes(named: Mapping[str, object]) -> str:
    return "".join(
        f' {name.replace("_", "-")}="{px(value) if isinstance(value, float) else clean(value)}"'
        for name, value in named.items()
        if value is not None
    )
