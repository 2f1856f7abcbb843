"""References in a query that mean one thing and no other: an ECLI, an article of an instrument."""

import re
from dataclasses import dataclass

ECLI = re.compile(r"\bECLI(?::[A-Za-z0-9.\-]{1,25}){4}", re.IGNORECASE)
ARTICLE = re.compile(
    r"\b(UNTOC|TIP|SOM|CETS\s?197|2011/36)\s*(?:art(?:icle|\.)?\s*)?(\d{1,3})\s*((?:\([a-z0-9]{1,4}\))*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a query names outright: kind is ecli or article; text is its plain form, "TIP 3(b)"."""

    kind: str
    text: str


def references(query: str) -> tuple[Reference, ...]:
    """The references in a query, in their plain form, in the order in which they stand in it."""
    found = [(one.start(), Reference("ecli", one.group().upper())) for one in ECLI.finditer(query)]
    for one in ARTICLE.finditer(query):
        name = one.group(1).upper().replace(" ", "")
        found.append((one.start(), Reference("article", f"{name} {one.group(2)}{one.group(3).lower()}")))
    return tuple(reference for _place, reference in sorted(found, key=lambda pair: pair[0]))
