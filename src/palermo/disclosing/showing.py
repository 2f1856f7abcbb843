"""What was protected, and what was found out, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

WIDTH = 96
MOST = 20


def protected(found: dict[str, Any], paths: Sequence[str]) -> str:
    """How many counts are hidden, what the marks mean, what else to know."""
    parts = []
    if found["method"] in ("round", "cellkey"):
        how = "rounded" if found["method"] == "round" else "noisy"
        parts.append(
            f"{found['cells']:,} counts are {how}; attacked: no small count can be computed from them."
        )
    elif not found["hidden"]:
        parts.append(f"No count is under {found['threshold']}: nothing is hidden.")
    else:
        parts.append(
            f"{found['hidden']:,} of {found['cells']:,} counts are hidden: {found['primary']:,} that are small "
            f"(under {found['threshold']}) and {found['secondary']:,} that would give them away."
        )
        parts.append(
            "Attacked: nothing that is hidden can be computed"
            + (", the marks A and D known" if found["status"] == "AD" else "")
            + (f", with {_many(found['earlier'], 'earlier edition')}" if found["earlier"] else "")
            + "."
        )
    if found["margins_made"]:
        parts.append(
            f"{_many(found['margins_made'], 'margin')} that the file did not have were added as rows."
        )
    if found["taken_as_zero"]:
        parts.append(f"{_many(found['taken_as_zero'], 'combination')} that the file does not name count 0.")
    if found["narrowed_by_marks"]:
        parts.append(
            f"Of {_many(found['narrowed_by_marks'], 'small count')} the marks tell a little more than “under "
            f"{found['threshold']}”, because the total is small too. --status C tells nothing of them."
        )
    if found["one_mark_only"]:
        parts.append(
            f"In {_many(len(found['one_mark_only']), 'table')} the marks A and D would give a count away; they carry "
            "C for all."
        )
    parts += found["warnings"]
    return "\n\n".join([*(fill(part, WIDTH) for part in parts), "\n".join(paths)])


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("s" if number != 1 else "")


def attacked(found: dict[str, Any]) -> str:
    """The findings, the worst first."""
    lines = []
    if not found["hidden"]:
        lines.append("No count is hidden: there is nothing to find out.")
    elif not found["under_threshold"]:
        lines.append(
            f"{_many(found['hidden'], 'hidden count')}: none can be computed, and none can be proved to be under "
            f"{found['threshold']} unless the file says so itself."
        )
    else:
        lines.append(
            f"{found['under_threshold']:,} of {_many(found['hidden'], 'hidden count')} can be found out: "
            f"{found['exact']:,} exactly, {found['proved_small']:,} to be under {found['threshold']}, "
            f"{found['together']:,} with others to be so together."
        )
    if found["recovered"]:
        lines.append(f"{_many(found['recovered'], 'larger hidden count')} can be computed too.")
    if found["narrowed"]:
        lines.append(f"Of {found['narrowed']:,} more, something follows that the file does not say.")
    order = {"exact": 0, "small": 1, "together": 2, "recovered": 3, "narrowed": 4}
    cells = sorted((c for c in found["cells"] if c["finding"]), key=lambda cell: order[cell["finding"]])
    lines += [_cell(cell) for cell in cells[:MOST]]
    if len(cells) > MOST:
        lines.append(f"... and {len(cells) - MOST:,} more; --json has all of them.")
    broken = found["does_not_add_up"]
    for one in broken[:MOST]:
        lines.append(f"{one['population']}: " + "; ".join(one["sums"][:3]))
    if len(broken) > MOST:
        lines.append(f"... and {len(broken) - MOST:,} more tables do not add up.")
    return "\n".join([*lines, *found["warnings"]])


def _cell(cell: dict[str, Any]) -> str:
    where = ", ".join(f"{name} {code}" for name, code in cell["cell"].items()) or "Total"
    if cell["population"] != "persons":
        where = f"{cell['population']}: {where}"
    if "edition" in cell:
        where += f" ({cell['edition']})"
    value = {"exact": f"is {cell['low']}", "recovered": f"is {cell['low']}"}.get(
        cell["finding"], f"is {cell['low']} to {cell['high']}"
    )
    return "\n".join([f"{where} {value}", *(f"    {line}" for line in cell.get("proof", []))])
