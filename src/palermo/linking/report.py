"""report.html: what was linked, how well, what not and why; counts only, no name and no record of anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from palermo.estimation import CaptureTable
from palermo.estimation.pictures.overlap import overlap
from palermo.linking import page
from palermo.linking.leftover import REASONS
from palermo.linking.quality import Quality, doubts
from palermo.linking.running import Run

MOST_SIZES = 12


def report(run: Run) -> str:
    """The page as text."""
    found = run.found
    names = [source.people.name for source in run.sources]
    return page.page(
        "Linkage report: " + ", ".join(names),
        [
            _answer(run),
            page.section("Cautions", *_cautions(run)),
            page.section("How sure it is", *_sure(found)),
            page.section("How the lists overlap", *_overlap(run)),
            page.section("Sizes of persons", *_sizes(found)),
            page.section("What was not linked, and why", *_leftover(found)),
            page.section("The lists", *_lists(run)),
            page.section("How this came about", *_method(run)),
        ],
    )


def _answer(run: Run) -> str:
    found = run.found
    counts = found["counts"]
    many = (
        f"{counts['records']:,} records in {counts['sources']} lists are taken to be of {counts['persons']:,} persons; "
        f"{counts['in_several_lists']:,} of them are in more than one list."
        if counts["sources"] > 1
        else f"{counts['records']:,} records are taken to be of {counts['persons']:,} persons."
    )
    shown = [
        (f"{counts['records']:,}", "records"),
        (f"{counts['persons']:,}", "persons"),
        (f"{counts['in_several_lists']:,}", "in more than one list"),
        (page.share(found["precision"]["estimate"]), "of links are right (estimated precision)"),
        (page.share(found["recall"]["estimate"]), "of true links were made (estimated recall)"),
    ]
    return page.paragraph(many) + page.figures(shown)


def _between(one: Mapping[str, float]) -> str:
    return f"{page.share(one['estimate'])} ({page.share(one['lower'])} to {page.share(one['upper'])})"


def _cautions(run: Run) -> list[str]:
    return [page.caution(text) for text in run.found["cautions"]] or [page.paragraph("None.")]


def _sure(found: Mapping[str, Any]) -> list[str]:
    threshold = found["threshold"]
    return [
        page.paragraph(
            f"Two records are called one person where the probability is {threshold['probability']:.2f} or more"
            + (", a threshold chosen from these lists so that the expected errors are small." if threshold["chosen"]
               else ", as the one who ran this asked.")
        ),
        page.paragraph(
            f"Estimated precision: {_between(found['precision'])}: of the pairs of records that were put together, "
            "this share is of one person."
        ),
        page.paragraph(
            f"Estimated recall: {_between(found['recall'])}: of the pairs of records that are of one person, this "
            "share was put together."
        ),
        page.paragraph(
            "Both are estimates from the lists themselves; nobody looked at the pairs. A sample of 300 pairs, judged "
            "by two people who do not see each other's answers, says it better."
        ),
    ]  # fmt: skip


def _overlap(run: Run) -> list[str]:
    there = [at for at, source in enumerate(run.sources) if len(source.people)]
    if len(there) < 2:
        return [page.paragraph("Fewer than two lists hold anybody, so that nothing can overlap.")]
    names = [run.sources[at].people.name for at in there]
    counts: dict[int | str | tuple[int, ...], int] = {
        "".join(str(history[at]) for at in there): count for history, count in run.histories.items()
    }
    table = CaptureTable.from_counts(names, counts)
    return [
        overlap(table),
        page.paragraph(
            "Each column is a combination of lists, and the number of persons who are in exactly these. The same "
            "figures are in histories.csv, which `palermo estimate mse` reads."
        ),
    ]


def _sizes(found: Mapping[str, Any]) -> list[str]:
    sizes = found["sizes"]
    rows = [(size, count) for size, count in sizes.items() if int(size) <= MOST_SIZES]
    more = sum(count for size, count in sizes.items() if int(size) > MOST_SIZES)
    if more:
        rows.append((f"more than {MOST_SIZES}", more))
    return [page.table("Records per person", ("records", "persons"), rows)]


def _leftover(found: Mapping[str, Any]) -> list[str]:
    by_list = found["not_linked"]
    header = ("reason", *by_list)
    rows = [(told, *(by_list[name][code] for name in by_list)) for code, told in REASONS.items()]
    return [page.table("Records that stand alone", header, rows)]


def _lists(run: Run) -> list[str]:
    parts = []
    qualities: Sequence[Quality] = run.quality
    fields = qualities[0].complete if qualities else {}
    rows: list[Sequence[object]] = [("records", *(one.records for one in qualities))]
    rows += [
        (f"filled in: {field}", *(page.share(one.complete[field]) for one in qualities)) for field in fields
    ]
    rows += [
        ("birth known to the day", *(page.share(one.exact_birth) for one in qualities)),
        ("names in another script than Latin", *(page.share(one.other_script) for one in qualities)),
        ("the same person twice in the list", *(run.found["twice"][one.name] for one in qualities)),
        ("first day", *(one.first_day or "not said" for one in qualities)),
        ("last day", *(one.last_day or "not said" for one in qualities)),
    ]
    parts.append(page.table("What the lists hold", ("", *(one.name for one in qualities)), rows))
    for source, one in zip(run.sources, qualities, strict=True):
        told = [*(f"This list {text}" for text in source.warnings), *doubts(one)]
        if told:
            parts += [page.paragraph(f"{one.name}:"), page.bullets(told)]
    return parts


def _method(run: Run) -> list[str]:
    found = run.found
    told = [
        "Names are brought to one form from any script and compared by sound and by letters; births with what is "
        "known of them; documents, telephones, sex and nationality by how rare their values are.",
        "How much each agreement tells was learnt from invented lists whose truth is known"
        + (
            "; how far such a likeness can be trusted here, from these lists themselves."
            if "not_calibrated" not in found["notes"]
            else "."
        ),
        "A person is a group of records that agree with each other on the whole: a chain of likenesses is not enough.",
        f"{found['counts']['pairs_compared']:,} pairs were alike enough to be weighed; about "
        f"{page.share(found['compared'])} of all true pairs are thought to be among those that were looked at.",
        f"Seed {found['seed']}, palermo {found['version']}. The same files give the same answer.",
        "This page holds no name. clusters.csv holds the numbers of records and who belongs together: keep it as the "
        "lists themselves are kept.",
    ]
    return [page.bullets(told)]
