"""The pieces of a page that stands alone: no script, nothing from outside, to be read on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #c9ced6; --soft: #f3f5f7; --bar: #1a7fc1; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --paper: #14181d; --line: #3c434b; --soft: #1f252c; --bar: #56b4e9; }
}
body { font: 16px/1.5 system-ui, "Noto Sans", "Noto Sans Arabic", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
p, li { max-width: 46rem; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; list-style: none; margin: 1rem 0; }
.figures li { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem; min-width: 9rem; }
.figures strong { display: block; font-size: 1.4rem; line-height: 1.2; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: .75rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: start; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: end; }
tbody th { font-weight: 400; }
caption { text-align: start; font-weight: 600; padding-bottom: .3rem; }
thead th { font-weight: 600; background: var(--soft); padding-inline-start: .3rem; }
.caution { border-inline-start: 4px solid #d55e00; background: var(--soft); padding: .5rem .9rem; margin: .6rem 0; }
svg { max-width: 100%; height: auto; }
@media print {
  :root { --ink: #000; --paper: #fff; --line: #999; --soft: #fff; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  h2 { break-after: avoid; } table, svg, .caution { break-inside: avoid; }
}
"""


def page(title: str, parts: Iterable[str]) -> str:
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def section(title: str, *parts: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n" + "\n".join(parts) + "\n</section>"


def paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def caution(text: str) -> str:
    return f'<p class="caution">{escape(text)}</p>'


def figures(pairs: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<li><strong>{escape(value)}</strong>{escape(what)}</li>" for value, what in pairs)
    return f'<ul class="figures">{items}</ul>'


def bullets(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose first column names the row; figures stand at the end of their cells."""
    head = "".join(
        f'<th scope="col"{"" if at == 0 else NUMBER}>{escape(title)}</th>' for at, title in enumerate(header)
    )
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


NUMBER = ' class="number"'


def _cells(row: Sequence[object]) -> str:
    first, *rest = row
    cells = [f'<th scope="row">{escape(str(first))}</th>']
    for cell in rest:
        number = isinstance(cell, (int, float)) or (isinstance(cell, str) and cell[-1:] == "%")
        text = f"{cell:,}" if isinstance(cell, int) else str(cell)
        cells.append(f"<td{NUMBER if number else ''}>{escape(text)}</td>")
    return "".join(cells)


def share(value: float) -> str:
    return f"{100 * value:.0f} %"
