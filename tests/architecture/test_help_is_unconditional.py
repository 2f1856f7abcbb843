"""No way leads from the outcome of an identification, or from a proceeding, to help: not by key, guard or right."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from palermo.kernel.access.permissions import registry
from palermo.kernel.workflow.statements import STATEMENTS
from palermo.standards.workflows import machine, names

ROOMS = Path(__file__).resolve().parents[2] / "src" / "palermo" / "rooms"
HELP = ("cases", "services", "referral")
# What holds the outcome, or will hold proceedings.
LEGAL_STATUS = {
    "Identification",
    "Ruling",
    "Packet",
    "Service",
    "Extension",
    "Question",
    "Reply",
    "Notification",
}
FORBIDDEN_LABELS = {"justice"}
# What help may ask of the room: the conversation, tools of the team, beginning a status. Never how it ended.
ALLOWED = {
    "identification.actions": {
        "presume_if_may", "presume", "save_with_code", "share_with_team", "team_of", "supervisors", "this_transaction",
    },
    "identification.queries": {"Decided", "decided", "screening", "screenings"},
}  # fmt: skip


def imports(path: Path) -> list[tuple[str, str]]:
    """(module, name) of everything that a file takes from a room, also by way of an imported module."""
    tree, found, modules = ast.parse(path.read_text(encoding="utf-8")), [], {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("palermo.rooms"):
            module = str(node.module).removeprefix("palermo.rooms").lstrip(".")
            for alias in node.names:
                whole = alias.name in ("actions", "queries")
                if whole:
                    modules[alias.asname or alias.name] = f"{module}.{alias.name}"
                else:
                    found.append((module, alias.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            found.append((modules[node.value.id], node.attr))
    return found


def reads_an_outcome(module: str, name: str) -> bool:
    parts = module.split(".")
    if FORBIDDEN_LABELS & {parts[0], name if not module else ""}:
        return True
    return parts[0] == "identification" and name not in ALLOWED.get(".".join(parts[:2]), set())


def sources(room: str) -> list[Path]:
    # The demonstration tells whole stories, tests as well: they give no help to anybody.
    return [
        p
        for p in (ROOMS / room).rglob("*.py")
        if not {"tests", "migrations"} & set(p.parts) and "demo" not in p.name
    ]


@pytest.mark.parametrize("room", HELP)
def test_no_foreign_key_leads_from_help_to_a_legal_status_or_to_justice(room: str) -> None:
    wrong = []
    for model in apps.get_app_config(room).get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or isinstance(target, str) or target._meta.app_label == room:
                continue
            label = target._meta.app_label
            if label in FORBIDDEN_LABELS or (label == "identification" and target.__name__ in LEGAL_STATUS):
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []


@pytest.mark.parametrize("room", HELP)
def test_no_room_of_help_reads_how_an_identification_ended(room: str) -> None:
    wrong = [f"{p.name}: {m}.{n}" for p in sources(room) for m, n in imports(p) if reads_an_outcome(m, n)]
    assert wrong == []


def test_that_rule_catches_a_reader() -> None:
    assert reads_an_outcome("identification.queries", "status_of")
    assert reads_an_outcome("identification.models", "Ruling")
    assert reads_an_outcome("justice.queries", "matter")
    assert not reads_an_outcome("identification.queries", "decided")


@pytest.mark.parametrize("room", HELP)
def test_no_permission_of_help_asks_for_a_grant_that_a_decision_gives(room: str) -> None:
    mine = [p for code, p in registry().items() if code.startswith(f"{room}.")]
    assert mine
    assert {p.grant for p in mine} <= {"", "address", "case", "identity", "notes"}
    assert not [p.code for p in mine if "justice" in p.code or "identification" in p.code]


def test_no_guard_of_help_is_about_a_status_a_proceeding_or_cooperation() -> None:
    """By name: guards of the machines of help, and the statements behind them."""
    wrong = []
    for name in {"case", "referral", "transfer"} & set(names()):
        for event in machine(name).events:
            for guard in (*event.guards, *event.effects):
                words = guard + " " + STATEMENTS.get(guard, ("", ""))[0]
                if any(
                    w in words
                    for w in ("justice", "cooperat", "testif", "complaint", "identif", "_rg", "_cg")
                ):
                    wrong.append(f"{name}.{event.code}: {guard}")
    assert wrong == []


@pytest.mark.parametrize("room", HELP)
def test_no_sentence_of_the_database_of_help_names_the_tables_of_a_status(room: str) -> None:
    wrong = [
        f"{path.name}: {table}"
        for path in (ROOMS / room).glob("migrations/*.py")
        for table in ("identification_identification", "identification_ruling", "justice_")
        if table in path.read_text(encoding="utf-8")
    ]
    assert wrong == []
