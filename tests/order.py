"""Which tests stay together on one worker, and which go first: nobody shall wait at the end for one long story.

`Groups` hands groups to the workers in this order. (xdist's own groups are written into the names of tests, which the
pytest of today does not let it change: every test would go its own way, and every worker start every server.)
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from xdist.scheduler import LoadScopeScheduling

BROWSER = "palermo run in a browser"
# Who needs a server that takes a minute to start shares it: files, or a folder, and the name of the group.
SERVED = frozenset(
    f"tests/browser/test_{name}.py"
    for name in (
        "assessments", "digest", "estimates", "journey", "legislation", "passkey", "reconciliation", "story_child",
        "story_rapporteur", "story_vessel", "story_worker",
    )
)  # fmt: skip
# Told while the register is still as it was when the demonstration published its table: the other stories change it.
EARLY = "tests/browser/test_story_rapporteur.py"
FOLDERS = {"tests/faults/": "palermo run that is killed"}

# A file whose tests need nothing of one another, and how many of them make a group.
DIVIDED = {"tests/access_matrix/test_matrix.py": 80}

# What takes longest, longest first; all else follows, by the number of tests. The second server comes when the first
# is well on its way: what is killed under load is judged by the clock, and shall not have a browser beside it.
FIRST = (
    BROWSER,
    "tests/oracle/",
    "tests/machines/",
    "tests/planted/",
    "src/palermo/kernel/access/tests/test_grants_model.py",
    "src/palermo/disclosure/",
    "src/palermo/web/tests/test_browser.py",
    "palermo run that is killed",
)


def group(nodeid: str, counted: Counter[str]) -> str:
    """The group of a test; `counted` keeps how many of each divided file came before it."""
    path = nodeid.partition("::")[0]
    if path in SERVED:
        return BROWSER
    for folder, name in FOLDERS.items():
        if path.startswith(folder):
            return name
    if path not in DIVIDED:
        return path
    counted[path] += 1
    return f"{path} {(counted[path] - 1) // DIVIDED[path]}"


def places(groups: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Where each group comes in the order: first by FIRST, then the larger ones."""
    return {name: (_listed(name), -size) for name, size in Counter(groups).items()}


def _listed(name: str) -> int:
    return next((number for number, start in enumerate(FIRST) if name.startswith(start)), len(FIRST))


def arranged(items: Collection[Any]) -> list[Any]:
    """The tests as they are handed out: the longest groups first, whole."""
    counted: Counter[str] = Counter()
    found = {item: group(item.nodeid, counted) for item in items}
    place = places(found.values())
    return sorted(
        items, key=lambda item: (place[found[item]], found[item], not item.nodeid.startswith(EARLY))
    )


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """A worker takes a whole group, and the next one when it is done."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)
        self.counted: Counter[str] = Counter()
        self.known: dict[str, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        if nodeid not in self.known:
            self.known[nodeid] = group(nodeid, self.counted)
        return self.known[nodeid]
