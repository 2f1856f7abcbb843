"""What can be said of a list by itself: what it leaves empty, what it says that cannot be, how exact its births are."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

from palermo.linkage.dates import birth
from palermo.linkage.people import PersonList

SHOWN = (
    "given_name",
    "family_name",
    "sex",
    "birth_date",
    "nationality",
    "place",
    "phone",
    "document_no",
    "recorded_on",
)
FALSE_JANUARY = 0.02  # one in 365 is born on the first of January; above this share it stands for "year only"
MANY_ALIKE = 5  # records with the same telephone: a network, a shelter, an interpreter, not a person


@dataclass(frozen=True)
class Quality:
    """Shares are of the list's records."""

    name: str
    records: int
    complete: dict[str, float]
    exact_birth: float  # to the day
    january: float  # of births exact to the day: on the first of January
    impossible: int  # births after the record, before living memory, or on no day of any calendar
    nameless: int
    other_script: float
    busiest_phone: int  # how many records share the most frequent telephone
    first_day: str
    last_day: str

    def as_json(self) -> dict[str, object]:
        return {
            "source": self.name, "records": self.records, "complete": self.complete, "exact_birth": self.exact_birth,
            "first_of_january": self.january, "impossible_births": self.impossible, "without_name": self.nameless,
            "other_script": self.other_script, "busiest_phone": self.busiest_phone, "first_day": self.first_day,
            "last_day": self.last_day,
        }  # fmt: skip


def judged(people: PersonList) -> Quality:
    """The quality of a list. Dates are read as the linkage reads them."""
    count = len(people)
    columns = people.columns
    # The year of the record is near enough to tell what cannot be, and makes most dates the same question.
    years = (text[:4] and f"{text[:4]}-12-31" for text in columns["recorded_on"])
    said = list(zip(columns["birth_date"], columns["birth_precision"], years, strict=True))
    known = {one: birth(*one) for one in set(said)}
    births = [known[one] for one in said]
    exact = sum(one.precision == "day" for one in births)
    january = sum(one.basis == "january" and said[at][1] == "day" for at, one in enumerate(births))
    phones = Counter(text for text in columns["phone"] if text)
    days = sorted(text[:10] for text in columns["recorded_on"] if text)
    names = list(zip(columns["given_name"], columns["family_name"], columns["other_names"], strict=True))
    return Quality(
        name=people.name,
        records=count,
        complete={field: _share(sum(map(bool, columns[field])), count) for field in SHOWN},
        exact_birth=_share(exact, count),
        january=_share(january, exact + january),
        impossible=sum(
            bool(text) and precision != "unknown" and one.earliest is None
            for (text, precision, _day), one in zip(said, births, strict=True)
        ),
        nameless=sum(not any(name) for name in names),
        other_script=_share(
            sum(not name.isascii() and _not_latin(name) for name in map("".join, names)), count
        ),
        busiest_phone=max(phones.values(), default=0),
        first_day=days[0] if days else "",
        last_day=days[-1] if days else "",
    )


def _share(some: int, of: int) -> float:
    return round(some / of, 4) if of else 0.0


def _not_latin(text: str) -> bool:
    return any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in text)


def doubts(found: Quality) -> list[str]:
    """What somebody should be asked about this list, in sentences."""
    told = []
    if found.nameless:
        told.append(f"{found.nameless:,} records have no name at all.")
    if found.january > FALSE_JANUARY:
        told.append(
            f"{found.january:.0%} of the births that are said to be exact are on the first of January: it stands for "
            "“only the year is known”, and is read so here."
        )
    if found.impossible:
        told.append(f"{found.impossible:,} dates of birth cannot be true and were not used.")
    if found.busiest_phone >= MANY_ALIKE:
        told.append(
            f"One telephone number stands in {found.busiest_phone:,} records: it says who brought people here rather "
            "than who they are, and counts for little."
        )
    empty = [field for field, share in found.complete.items() if share < 0.05]
    if empty and found.records:
        told.append(f"Hardly ever filled in: {', '.join(empty)}.")
    return told
