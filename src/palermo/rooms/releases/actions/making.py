"""What a run makes: files with their bytes, and what machines find about them. One maker for each product."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from palermo.disclosure import Rule, gathered
from palermo.estimation import Word
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.errors import NotFound
from palermo.kernel.exports.writers import csv_bytes, json_bytes
from palermo.rooms.releases.actions.attacking import (
    counts_of,
    given_away_alone,
    given_away_together,
    public_beside,
    small_changes,
)
from palermo.rooms.releases.actions.parts import CSV, JSON, Found, Made, NewFile, Teller, codebook_file
from palermo.rooms.releases.actions.surveys import checked
from palermo.rooms.releases.models import Product, Release
from palermo.web.releasable import Taken, dated, public_tables, sources


def make(viewer: Viewer, release: Release, teller: Teller) -> Made:
    """The files and checks of a release, by its product. Reads what the person who ran it may read."""
    if release.product == Product.MICRODATA:
        from palermo.rooms.releases.actions.microdata import make_microdata

        return make_microdata(viewer, release, teller)
    source = sources().get(release.product)
    if source is None:
        raise NotFound()
    teller(0.1, "figures")
    taken = source.take(viewer, release.source)
    teller(0.5, "attack")
    if release.product == Product.OBSERVATORY:
        found = checked(taken)
    else:
        found = _of_tables(taken) if taken.tables else _of_a_figure(taken)
    about = {**taken.about, "notes": list(taken.notes), "codebook": [list(line) for line in taken.codebook]}
    return Made(
        files_of(taken), (*found, *_of_the_file(taken), *_of_the_years(release, taken)), taken.tables, about
    )


def files_of(taken: Taken) -> tuple[NewFile, ...]:
    """The figures as CSV and as JSON, and what stands in the columns."""
    rows = [{name: row.get(name) for name in taken.columns} for row in taken.rows]
    told = {
        "title": taken.title,
        "columns": list(taken.columns),
        "notes": list(taken.notes),
        "rows": rows,
    }
    return (
        NewFile("data.csv", "public", CSV, csv_bytes(rows, taken.columns)),
        NewFile("data.json", "public", JSON, json_bytes(told)),
        codebook_file(taken.codebook),
    )


def _of_tables(taken: Taken) -> list[Found]:
    rule = Rule(taken.threshold)
    counted = list(dated(taken.tables, timezone.now()))
    tables = tuple(table for _moment, table in counted)
    earlier = public_beside(public_tables(), tables)
    counts = counts_of(tables)
    cells, withheld = len(counts), sum(count is None for count in counts.values())
    return [
        _alone(given_away_alone(tables, rule), cells, withheld),
        _together(given_away_together(counted, earlier, rule), len(gathered(earlier))),
        _changes(small_changes(tables, earlier, rule.threshold)),
    ]


def _alone(broken: int, cells: int, withheld: int) -> Found:
    if broken:
        words = gettext_noop(
            "An attacker computes %(broken)s of %(withheld)s withheld cells from the table itself."
        )
        return Found("attack_alone", "block", words, {"broken": broken, "withheld": withheld})
    words = gettext_noop(
        "Of %(cells)s cells %(withheld)s are withheld. An attacker with two linear programmes for each cell computes "
        "none of them, and proves none to be small."
    )
    return Found("attack_alone", "ok", words, {"cells": cells, "withheld": withheld})


def _together(broken: int, editions: int) -> Found:
    if broken:
        words = gettext_noop(
            "Together with everything of the same persons that ever was public (publications: %(editions)s), an "
            "attacker learns small counts: %(broken)s."
        )
        return Found("attack_history", "block", words, {"broken": broken, "editions": editions})
    words = gettext_noop(
        "Together with everything of the same persons that ever was public, withdrawn or not (publications: "
        "%(editions)s), an attacker learns no small count."
    )
    return Found("attack_history", "ok", words, {"editions": editions})


def _changes(changed: int) -> Found:
    if changed:
        words = gettext_noop(
            "%(changed)s figures differ from the last public ones by fewer persons than the threshold. Readers can "
            "compute the difference."
        )
        return Found("small_changes", "warn", words, {"changed": changed})
    words = gettext_noop("No figure differs from the last public ones by fewer persons than the threshold.")
    return Found("small_changes", "ok", words)


def _of_a_figure(taken: Taken) -> list[Found]:
    """A figure of an estimate: its verdict, its range, and that it stands on more than a few persons."""
    word, rows = taken.about.get("verdict", ""), {row["measure"]: row["value"] for row in taken.rows}
    level = {Word.PUBLISH: "ok", Word.CARE: "warn"}.get(word, "block")
    found = [
        Found(
            "verdict", level, gettext_noop("The verdict on this estimate is: %(word)s."), {"word": str(word)}
        )
    ]
    if rows.get("lower") is None or rows.get("upper") is None:
        words = gettext_noop(
            "The estimate has no range on both sides. A number without a range is not published."
        )
        found.append(Found("range", "block", words))
    else:
        found.append(Found("range", "ok", gettext_noop("The estimate comes with its range.")))
    seen, least = rows.get("seen_on_any_list") or 0, settings.PALERMO_THRESHOLD
    if seen < least:
        words = gettext_noop("The estimate stands on fewer persons than the threshold of %(least)s.")
        found.append(Found("seen", "block", words, {"least": least}))
    return found


def _of_the_years(release: Release, taken: Taken) -> list[Found]:
    """A table is released whole: its title must not promise other years than are in it."""
    years = [int(year) for year in taken.about.get("years", ())] if taken.tables else []
    if not years or (min(years), max(years)) == (release.year_from, release.year_to):
        return []
    words = gettext_noop("The table has the years %(first)s to %(last)s, and the release says %(said)s.")
    values = {"first": str(min(years)), "last": str(max(years)), "said": release.years}
    return [Found("years", "warn", words, values)]


def _of_the_file(taken: Taken) -> list[Found]:
    described = {name for name, _meaning in taken.codebook}
    missing = [name for name in taken.columns if name not in described]
    if missing or not taken.rows:
        words = gettext_noop("The file is empty, or columns are not described: %(missing)s.")
        return [Found("codebook", "block", words, {"missing": ", ".join(missing) or "–"})]
    words = gettext_noop("Each of the %(columns)s columns is described in the codebook.")
    return [Found("codebook", "ok", words, {"columns": len(taken.columns)})]
