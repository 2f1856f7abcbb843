"""Guards and effects: the functions behind the names that a machine uses.

A guard looks at the object, the actor and the inputs and gives the sentence with which it refuses, or "".
A room registers its own in its actions.py: `@guard("plan_is_agreed")`. A name without a function refuses:
what nobody checks is not allowed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.kernel.access.viewer import Viewer

Inputs = Mapping[str, Any]
Guard = Callable[[Any, Viewer, Inputs], str]
Effect = Callable[[Any, Viewer, Inputs], None]

GUARDS: dict[str, Guard] = {}
EFFECTS: dict[str, Effect] = {}


def guard(name: str) -> Callable[[Guard], Guard]:
    """Registers the function behind a guard's name; two functions for one name are a mistake."""

    def register(function: Guard) -> Guard:
        if GUARDS.setdefault(name, function) is not function:
            raise ValueError(f"guard {name} is registered twice")
        return function

    return register


def effect(name: str) -> Callable[[Effect], Effect]:
    """Registers the function behind an effect's name; it runs in the transaction of the change."""

    def register(function: Effect) -> Effect:
        if EFFECTS.setdefault(name, function) is not function:
            raise ValueError(f"effect {name} is registered twice")
        return function

    return register


def refusal(name: str, obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The sentence with which the guard refuses; "" when it lets pass."""
    function = GUARDS.get(name)
    if function is None:
        return _("The rule “%(rule)s” cannot be checked yet.") % {"rule": name.replace("_", " ")}
    return function(obj, actor, inputs)


@guard("risk_is_known")
def risk_is_known(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The level of risk was assessed."""
    known = getattr(obj, "risk", "") not in ("", "not_assessed")
    return "" if known else _("Assess the risk to the person first.")


# Statements by the person who acts, ticked on the page and kept in the audit: guard -> (input, sentence).
STATEMENTS: dict[str, tuple[str, str | Promise]] = {
    "plan_is_agreed": ("agreed", gettext_lazy("The person must have agreed to the plan and signed it.")),
    "outcome_is_given": ("outcome", gettext_lazy("Say how the case ended.")),
    "nothing_is_left_open": (
        "handed_over",
        gettext_lazy("Open referrals, tasks and hearings must be finished or handed over."),
    ),
    "exit_is_assessed": ("exit_assessed", gettext_lazy("Assess the risk of being trafficked again first.")),
    "follow_up_is_consented": (
        "consented",
        gettext_lazy("The person must have consented to be contacted after closure."),
    ),
}


def _statement(name: str, key: str, sentence: str | Promise) -> None:
    @guard(name)
    def stated(obj: Any, actor: Viewer, inputs: Inputs) -> str:
        return "" if inputs.get(key) else str(sentence)


for _name, (_key, _sentence) in STATEMENTS.items():
    _statement(_name, _key, _sentence)


def statements_in(inputs: Inputs) -> str:
    """Which statements were made, for the audit."""
    return ",".join(sorted(key for key, _sentence in STATEMENTS.values() if inputs.get(key)))
