"""A sheet on which marks are placed left to right; for right-to-left readers the whole sheet is mirrored."""

from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from palermo.web.charts.scale import isolated


def px(value: float) -> str:
    """A coordinate, short: whole or with one decimal."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(slots=True)
class Canvas:
    """Collects SVG elements. `key` prefixes ids; text anchors are logical, so they mirror by themselves."""

    key: str
    width: float
    height: float
    rtl: bool = False
    parts: list[SafeString] = field(default_factory=list)

    def x(self, value: float) -> float:
        return self.width - value if self.rtl else value

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str) -> None:
        self.parts.append(
            format_html(
                '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>',
                cls,
                px(self.x(x1)),
                px(y1),
                px(self.x(x2)),
                px(y2),
            )
        )

    def rect(self, x: float, y: float, width: float, height: float, cls: str, title: str) -> None:
        left = self.width - x - width if self.rtl else x
        self.parts.append(
            format_html(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}</title></rect>',
                cls,
                px(left),
                px(y),
                px(max(width, 0)),
                px(max(height, 0)),
                title,
            )
        )

    def shape(self, x: float, y: float, width: float, height: float, series: int) -> None:
        """The pattern of a series over its bar; the first series is plain."""
        if series > 1 and width > 0 and height > 0:
            left = self.width - x - width if self.rtl else x
            self.parts.append(
                format_html(
                    '<rect class="chart-over" fill="url(#{}-p{})" x="{}" y="{}" width="{}" height="{}"/>',
                    self.key,
                    series,
                    px(left),
                    px(y),
                    px(width),
                    px(height),
                )
            )

    def withheld(self, x: float, y: float, width: float, height: float, title: str) -> None:
        """The hatched mark of a suppressed value: its size says nothing."""
        left = self.width - x - width if self.rtl else x
        self.parts.append(
            format_html(
                '<rect class="chart-withheld" fill="url(#{}-hatch)" x="{}" y="{}" width="{}" height="{}">'
                "<title>{}</title></rect>",
                self.key,
                px(left),
                px(y),
                px(width),
                px(height),
                title,
            )
        )

    def text(self, x: float, y: float, words: str, *, anchor: str = "start", cls: str = "") -> None:
        self.parts.append(
            format_html(
                '<text{} x="{}" y="{}" text-anchor="{}">{}</text>',
                format_html(' class="{}"', cls) if cls else "",
                px(self.x(x)),
                px(y),
                anchor,
                isolated(words, self.rtl),
            )
        )

    def path(self, points: list[tuple[float, float]], cls: str) -> None:
        steps = " ".join(
            f"{'M' if i == 0 else 'L'}{px(self.x(x))} {px(y)}" for i, (x, y) in enumerate(points)
        )
        self.parts.append(format_html('<path class="{}" d="{}"/>', cls, steps))

    def dot(self, x: float, y: float, cls: str, title: str) -> None:
        self.parts.append(
            format_html(
                '<circle class="{}" cx="{}" cy="{}" r="4"><title>{}</title></circle>',
                cls,
                px(self.x(x)),
                px(y),
                title,
            )
        )

    def body(self) -> SafeString:
        return mark_safe("".join(self.parts))  # noqa: S308  every part came through format_html
