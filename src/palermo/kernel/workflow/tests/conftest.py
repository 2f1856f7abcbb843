"""The engine alone: what the rooms wrote for their own objects is out of the way of the made-up ones."""

from collections.abc import Iterator
from typing import Any

import pytest

from palermo.kernel.workflow import rules


def _is_of_a_room(function: Any) -> bool:
    return str(getattr(function, "__module__", "")).startswith("palermo.rooms.")


@pytest.fixture
def engine_alone() -> Iterator[None]:
    """Guards, effects and entries that rooms registered are set aside for the time of the test."""
    rules.load_rules()
    kept_guards = {key: f for key, f in rules.GUARDS.items() if not _is_of_a_room(f)}
    kept_effects = {key: f for key, f in rules.EFFECTS.items() if not _is_of_a_room(f)}
    kept_entering = {key: [f for f in fs if not _is_of_a_room(f)] for key, fs in rules.ENTERING.items()}
    everything = [
        (rules.GUARDS, dict(rules.GUARDS), kept_guards),
        (rules.EFFECTS, dict(rules.EFFECTS), kept_effects),
        (rules.ENTERING, dict(rules.ENTERING), kept_entering),
    ]
    form = set(rules.FROM_FORM)
    for registry, _before, kept in everything:
        registry.clear()
        registry.update(kept)  # type: ignore[arg-type]
    rules.FROM_FORM.intersection_update(kept_guards)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "load_rules", lambda: None)
        yield
    for registry, before, _kept in everything:
        # What was imported, and so registered, for the first time meanwhile stays.
        registry.update(before)  # type: ignore[arg-type]
    rules.FROM_FORM.update(form)
