"""Encoded files into the table of overlaps: the linkage unit's side, which has neither names nor key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.expecting import Share
from palermo.linkage.private import files as encoded_files
from palermo.linkage.private import matching
from palermo.linkage.private.files import Encoded
from palermo.linkage.private.parameters import FEW_ROWS, Unusable
from palermo.linking.files import table, written
from palermo.linking.keeping import content, refused

Step = Callable[[float, str], None]
Said = tuple[dict[str, Any], str]
LOG = "runs.jsonl"
A_FEW_ROWS = 10  # a list that changed by fewer since another run tells who they are
WIDTH = 96


def match(
    files: Sequence[str],
    out: Path,
    *,
    pairs: bool,
    basis: str,
    again: str,
    force: bool,
    threads: int,
    draws: int = 0,
    seed: int = 1,
    step: Step,
) -> Said:
    """Writes histories.csv and report.html, draws.csv where draws are asked for, clusters.csv only on a legal basis,
    and a line of the log."""
    if pairs and not basis.strip():
        told = "who is with whom is given on a legal basis only: state it with --basis"
        raise Refused([("", Problem("options", told, column="--pairs"))])
    lists = _lists(files)
    log = _earlier(out / LOG)
    wrong = [] if force else [Problem("match", one) for one in matching.problems(lists)]
    if not wrong and not again.strip():
        wrong = [Problem("again", one, column="--again") for one in _few_changed(lists, log)]
    if wrong:
        raise Refused([("", one) for one in wrong])
    try:
        done = matching.match(lists, threads=threads, force=force, step=step)
    except Unusable as error:
        raise refused("", error) from None
    found = _found(lists, done, forced=force and bool(matching.problems(lists)))
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "project": lists[0].project, "pairs": pairs,
        "basis": basis.strip(), "again": again.strip(), "forced": found["forced"],
        "lists": [{"name": one.name, "rows": len(one), "content": sorted_digest(one)} for one in lists],
    }  # fmt: skip
    histories = sorted(done.histories().items(), reverse=True)
    contents: dict[str, Iterable[str]] = {
        "histories.csv": table((*done.names, "count"), ((*seen, count) for seen, count in histories)),
        "report.html": iter([_report(found, basis if pairs else "")]),
        LOG: [json.dumps(one, ensure_ascii=False) + "\n" for one in (*log, entry)],
    }
    if draws:
        contents["draws.csv"] = table(("draw", *done.names, "count"), _draws(done, draws, seed))
    if pairs:
        contents["clusters.csv"] = table(
            ("source", "row_number", "cluster_id", "probability"), _clusters(lists, done)
        )
    found["files"] = [path for path in written(out, contents) if not path.endswith(LOG)]
    return found, _text(found)


def _lists(files: Sequence[str]) -> list[Encoded]:
    """Every encoded file, or everything that is wrong with them."""
    lists, wrong = [], []
    for file in files:
        try:
            lists.append(encoded_files.from_bytes(content(Path(file))))
        except Unusable as error:
            wrong.append((file, Problem("encoded", str(error))))
        except Refused as refused:
            wrong += refused.problems
    if wrong:
        raise Refused(wrong)
    return lists


def _clusters(lists: Sequence[Encoded], done: matching.Matched) -> Iterator[tuple[str, int, int, float]]:
    at = 0
    for one in lists:
        for number in one.numbers.tolist():
            yield one.name, number, int(done.cluster[at]) + 1, round(float(done.probability[at]), 4)
            at += 1


def _draws(done: matching.Matched, draws: int, seed: int) -> Iterator[tuple[int, ...]]:
    for number, histories in enumerate(done.draws(draws, seed), start=1):
        for seen, count in sorted(histories.items(), reverse=True):
            yield number, *seen, count


def _found(lists: Sequence[Encoded], done: matching.Matched, *, forced: bool) -> dict[str, Any]:
    histories = done.histories()
    return {
        "project": lists[0].project, "key_fingerprint": lists[0].key_fingerprint, "forced": forced,
        "sources": dict(zip(done.names, done.sizes, strict=True)),
        "counts": {
            "records": sum(done.sizes), "persons": sum(histories.values()),
            "in_several_lists": sum(count for seen, count in histories.items() if sum(seen) > 1),
            "pairs_linked": done.pairs, "comparisons": done.comparisons,
        },
        "histories": [{"lists": [n for n, s in zip(done.names, seen, strict=True) if s], "count": count}
                      for seen, count in sorted(histories.items(), reverse=True)],
        "precision": _measure(done.precision), "recall": _measure(done.recall),
        "compared": round(done.compared, 4), "cautions": _cautions(lists, done, forced),
    }  # fmt: skip


def _cautions(lists: Sequence[Encoded], done: matching.Matched, forced: bool) -> list[str]:
    told = []
    if forced:
        told.append("These files were made with different secrets: what is linked here is chance")
    if sum(done.sizes) and not done.pairs:
        told.append("Not one pair was linked: the lists share nobody, or too little is written in them")
    if any(len(one) < FEW_ROWS for one in lists):
        told.append(
            f"A list of fewer than {FEW_ROWS:,} rows: its people hide among few, and the chances are learnt from little"
        )
    if not done.calibrated:
        told.append(
            "The lists are too short, or too alike, to tell chances by; those that palermo ships were taken"
        )
    if done.pairs and done.recall.value < 0.9:
        told.append(
            "Links were missed; an estimate from this table will be too high unless it is corrected for them: draw "
            "the links (--draws) and see docs/methods/mse-linkage.md"
        )
    told.append(
        "Small cells of the table can tell of single people; it is for the estimate, not for publication"
    )
    return told


def _few_changed(lists: Sequence[Encoded], log: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Two runs with lists that differ by a row tell the difference: who was added, and which other lists know him."""
    before = {
        (one["name"], one["content"]): one["rows"]
        for run in log if run.get("project") == lists[0].project for one in run.get("lists", ())
    }  # fmt: skip
    for one in lists:
        mine = {content: rows for (name, content), rows in before.items() if name == one.name}
        if (
            mine
            and sorted_digest(one) not in mine
            and min(abs(len(one) - n) for n in mine.values()) < A_FEW_ROWS
        ):
            yield (
                f"the list {one.name} was matched before and has changed by a few rows: the difference of the two "
                "tables would tell of single people. Say why it may be, with --again"
            )


def _earlier(log: Path) -> list[dict[str, Any]]:
    with suppress(FileNotFoundError, ValueError):
        return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line]
    return []


def sorted_digest(one: Encoded) -> str:
    """Of the filters whatever their order: a list encoded again under the same key has the same."""
    order = np.lexsort(one.filters.T)
    return hashlib.sha256(np.ascontiguousarray(one.filters[order]).astype("<u8").tobytes()).hexdigest()


def _report(found: Mapping[str, Any], basis: str) -> str:
    from palermo.linking import page

    counts = found["counts"]
    return page.page(
        f"Lists matched without names: {found['project'] or 'no project named'}",
        [
            *map(page.caution, found["cautions"]),
            page.figures([
                (f"{counts['records']:,}", "records"), (f"{counts['persons']:,}", "persons"),
                (f"{counts['in_several_lists']:,}", "in several lists"),
                (_share(found["precision"]), "of the pairs put together are right (estimated)"),
                (_share(found["recall"]), "of the pairs that are one person were found (estimated)"),
            ]),
            page.section("Lists", page.table("Rows of each list", ("list", "rows"), found["sources"].items())),
            page.section(
                "Who is in which lists",
                page.table(
                    "Persons by the lists that know them", ("lists", "persons"),
                    [(", ".join(row["lists"]), row["count"]) for row in found["histories"]],
                ),
            ),
            page.paragraph(f"Key {found['key_fingerprint']}. {counts['comparisons']:,} comparisons of filters."),
            *([page.paragraph(f"Groups of rows were given out on this basis: {basis}")] if basis else []),
        ],
    )  # fmt: skip


def _measure(one: Share) -> dict[str, float | None]:
    """An estimate with its interval of 95 %."""
    values = {"estimate": one.value, "lower": one.lower, "upper": one.upper}
    return {name: round(float(value), 4) for name, value in values.items()}


def _share(value: Mapping[str, float | None]) -> str:
    return f"about {100 * (value['estimate'] or 0):.0f} %"


def _text(found: Mapping[str, Any]) -> str:
    counts = found["counts"]
    lists = ", ".join(f"{name} {rows:,}" for name, rows in found["sources"].items())
    said = (
        f"{counts['records']:,} encoded records ({lists}) are taken to be of {counts['persons']:,} persons; "
        f"{counts['in_several_lists']:,} of them are in more than one list. Right pairs: {_share(found['precision'])}; "
        f"found pairs: {_share(found['recall'])}. Both are estimated from the filters alone."
    )
    told = [fill(f"Mind: {one}.", WIDTH) for one in found["cautions"]]
    return "\n\n".join([fill(said, WIDTH), *told, "\n".join(found["files"])])
