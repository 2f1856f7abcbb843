"""The reference pages that are written from the data: docs/reference/standards.md and workflows.md.

`python -m palermo.standards.pages DIR` writes them; a test fails when the committed pages differ.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from palermo.standards.codes import codelist, lists, schemes
from palermo.standards.mappings import mapping, pairs
from palermo.standards.workflows import workflows_page


def standards_page() -> str:
    """Which code lists palermo carries, on what terms, and how far each was verified."""
    out = [
        "# Standards",
        "",
        "Written from `src/palermo/standards/data` by `python -m palermo.standards.pages`; do not edit.",
        "",
        "`verified` counts the rows by how they were read: yes (in a source), partial, secondary (a copy),",
        "doubtful (source and recollection differ), header-only, no (general knowledge), ours (proposed",
        "by palermo).",
        "Check everything that is not “yes” before you rely on it.",
        "",
    ]
    for head in schemes().values():
        out += [f"## {head.title} (`{head.id}`)", ""]
        out += [f"- Version: {head.version}. Publisher: {head.publisher}. Status: {head.status}.",
                f"- Licence: {head.licence}. Source: {head.source} ({head.retrieved})."]  # fmt: skip
        if head.translation:
            out.append(f"- French and Arabic labels: {head.translation}.")
        out += ["", "| list | codes | verified |", "|---|---:|---|"]
        for i in lists():
            if i.split("/", 1)[0] == head.id:
                marks = Counter(c.verified for c in codelist(i))
                counts = ", ".join(f"{mark} {n}" for mark, n in sorted(marks.items()))
                out.append(f"| `{i}` | {len(codelist(i))} | {counts} |")
        out.append("")
    out += ["## Mappings", "", "| from | to | pairs | relations | verified |", "|---|---|---:|---|---|"]
    for source, target in pairs():
        links = mapping(source, target)
        relations = ", ".join(sorted({link.relation for link in links}))
        marks_text = ", ".join(sorted({link.verified for link in links}))
        out.append(f"| `{source}` | `{target}` | {len(links)} | {relations} | {marks_text} |")
    out += ["", "## Notice", ""]
    out += [f"- {head.attribution}" for head in schemes().values() if head.attribution]
    return "\n".join(out) + "\n"


def pages() -> dict[str, Callable[[], str]]:
    """File name -> function that writes its text."""
    return {"standards.md": standards_page, "workflows.md": workflows_page}


def write(folder: Path) -> None:
    """Writes every page into `folder`."""
    for name, page in pages().items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
