"""The evidential issues of the digest: a small tree of our own, with names in English, French and Arabic.

VERSION goes up with every change of a code or of what it means; findings say under which version they were coded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from palermo.standards.read import data_rows

VERSION = "1"
LANGUAGES = ("en", "fr", "ar")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue. parent: the code of the wider one, empty at the top; labels by language.

    concepts: codes of the thesaurus that it is about.
    """

    code: str
    parent: str
    labels: Mapping[str, str]
    concepts: tuple[str, ...] = ()

    def label(self, language: str = "en") -> str:
        """The name in that language, else in English."""
        return self.labels.get(language[:2]) or self.labels["en"]


@cache
def issues() -> Mapping[str, Issue]:
    """Every issue by code, each below its parent."""
    rows = [
        Issue(
            row["code"], row["parent"], {name: row[name] for name in LANGUAGES},
            tuple(one for one in row["concepts"].split(";") if one),
        )
        for row in data_rows("evidence.csv")
    ]  # fmt: skip
    tops = [one for one in rows if not one.parent]
    ordered = [issue for top in tops for issue in (top, *(one for one in rows if one.parent == top.code))]
    return {one.code: one for one in ordered}


def below(code: str) -> tuple[str, ...]:
    """The issue itself and those that are narrower."""
    return tuple(one.code for one in issues().values() if code in (one.code, one.parent))
