"""Which of several facts about one person counts, when the rows that stand for him contradict each other. Data.

All are kept, one is used: of the rows that say something, first the stronger (by the status that the body gave the
person, or by what its statement stands on), then the later or the earlier, then the row that came first. `sql_joining`
makes the function of the database from this table, `queries.joined` the page that shows the reason; a change here
needs a migration that makes the function anew (`sql_joining.statements`).
"""

from collections.abc import Mapping
from typing import NamedTuple

# A decision of the competent authority counts over a screening, a screening over what the person said alone.
# A document counts over a statement, a statement over an estimate; what nobody said stands between them.
STRENGTH: Mapping[str, Mapping[str, int]] = {
    "status": {
        "identified": 4, "rejected": 4, "reasonable_grounds": 3, "presumed": 2, "smuggled_migrant": 2, "declined": 1,
    },
    "basis": {"document": 3, "statement": 2, "": 1, "estimate": 0},
}  # fmt: skip
BASES = ("", "document", "statement", "estimate")


class Rule(NamedTuple):
    """How a fact is chosen: columns that go together (the first says whether a row tells it), by what, which first."""

    name: str
    columns: tuple[str, ...]
    strength: str
    first: str


# Age and majority are those at the first registration, as the year is: the earlier of two equally strong counts.
RULES = (
    Rule("status", ("status",), "status", "later"),
    Rule("crime", ("crime",), "status", "later"),
    Rule("sex", ("sex",), "basis", "later"),
    Rule("gender", ("gender",), "basis", "later"),
    Rule("age_group", ("age_group", "age_band"), "basis", "earlier"),
    Rule("majority", ("majority", "majority_at_exploitation", "majority_at_entry"), "basis", "earlier"),
    Rule("citizenship", ("citizenship", "other_citizenships"), "basis", "later"),
    Rule("country", ("country",), "status", "later"),
    Rule("area", ("area",), "status", "later"),
    Rule("source_kind", ("source_kind",), "status", "later"),
)
