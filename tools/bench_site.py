"""The public pages as files: how long they take over ten years of a register, and how heavy the heaviest is."""

import gzip
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bench_measure import Figure, ready, scaled, tell, timed

ROWS = 100_000
LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"')


def _publish(cast: Any) -> int:
    """One edition of every table of the register, approved by a second person; how many there are."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.errors import DomainError
    from palermo.rooms.statistics import actions, queries

    number = 0
    for name in queries.TABLES:
        try:
            with acting(cast.analyst.viewer):
                made = actions.make_publication(actor=cast.analyst.viewer, table=name)
        except DomainError as error:
            tell(f"{name} is not published: {error}")
            continue
        with acting(cast.second_analyst.viewer):
            actions.approve(actor=cast.second_analyst.viewer, publication_id=made.pk)
        number += 1
    return number


def _weight(page: Path) -> int:
    """Bytes of a page and all that it loads, as a server would compress them."""
    text = page.read_text()
    files = {page}
    for link in LOADED.findall(text):
        path = urlsplit(link).path
        if path and not urlsplit(link).scheme and not path.endswith(".html"):
            files.add((page.parent / unquote(path)).resolve())
    return sum(len(gzip.compress(file.read_bytes())) for file in files if file.is_file())


def figures(scale: float) -> list[Figure]:
    cast = ready()
    from palermo.rooms.register.actions.demo import fill
    from palermo.web.site import export

    rows = scaled(ROWS, scale, 2_000)
    fill(rows)
    tables = _publish(cast)
    with tempfile.TemporaryDirectory() as name:
        folder, done = Path(name) / "site", []
        seconds = timed(lambda: done.append(export(folder))) / 1000
        weights = {page: _weight(page) for page in folder.rglob("*.html")}
        heaviest = max(weights, key=lambda page: weights[page])
        beside = f"{done[0].pages} pages in {len(done[0].languages)} languages, {done[0].files} files, "
        beside += f"{done[0].bytes / 1e6:.0f} MB; {tables} tables over {rows:,} rows"
        where = heaviest.relative_to(folder)
    return [
        Figure("the public site as files", "under 120 s", seconds, "s", seconds < 120, beside=beside),
        Figure(
            "its heaviest page with all it loads", "under 150 KB", weights[heaviest] / 1000, "KB",
            weights[heaviest] < 150_000, beside=f"{where}, gzip",
        ),
    ]  # fmt: skip
