"""Guards and effects: the functions behind the names that a machine uses.

A guard looks at the object, the actor and the inputs and gives the sentence with which it refuses, or "".
A room registers its own in its actions.py: `@guard("plan_is_agreed")`, or for its own machine only:
`@guard("packet_is_complete", machine="referral")`. A name without a function refuses: what nobody checks is not
allowed.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from palermo.kernel.access.viewer import Viewer
from palermo.kernel.workflow.statements import STATEMENTS

Inputs = Mapping[str, Any]
Guard = Callable[[Any, Viewer, Inputs], str]
Effect = Callable[[Any, Viewer, Inputs], None]

# Keys are (machine, name); the machine is "" for a function that serves all of them.
GUARDS: dict[tuple[str, str], Guard] = {}
EFFECTS: dict[tuple[str, str], Effect] = {}
ENTERING: dict[tuple[str, str], list[Effect]] = {}
FROM_FORM: set[tuple[str, str]] = set()


def guard(name: str, *, machine: str = "", from_form: bool = False) -> Callable[[Guard], Guard]:
    """Registers the function behind a guard's name; two functions for one name are a mistake.

    from_form: it looks at inputs that only the filled-in form gives, so it is no reason to hide the form.
    """

    def register(function: Guard) -> Guard:
        if GUARDS.setdefault((machine, name), function) is not function:
            raise ValueError(f"guard {name} is registered twice")
        if from_form:
            FROM_FORM.add((machine, name))
        return function

    return register


def effect(name: str, *, machine: str = "") -> Callable[[Effect], Effect]:
    """Registers the function behind an effect's name; it runs in the transaction of the change."""

    def register(function: Effect) -> Effect:
        if EFFECTS.setdefault((machine, name), function) is not function:
            raise ValueError(f"effect {name} is registered twice")
        return function

    return register


def on_enter(machine: str, *states: str) -> Callable[[Effect], Effect]:
    """Registers what happens whenever an object of that machine enters one of the states, by any event.

    Not when it stays in it; in the transaction of the change, before the deadlines are worked out.
    """

    def register(function: Effect) -> Effect:
        for state in states:
            ENTERING.setdefault((machine, state), []).append(function)
        return function

    return register


def load_rules() -> None:
    """Import the actions of every app, which registers their guards and effects: the worker has no views."""
    for config in apps.get_app_configs():
        if config.name.startswith("palermo.") and find_spec(f"{config.name}.actions"):
            import_module(f"{config.name}.actions")


def guard_of(name: str, machine: str = "") -> Guard | None:
    """The function behind a guard's name in a machine; None when nobody wrote one."""
    if (machine, name) not in GUARDS and ("", name) not in GUARDS:
        load_rules()
    return GUARDS.get((machine, name)) or GUARDS.get(("", name))


def effect_of(name: str, machine: str = "") -> Effect:
    """The function behind an effect's name in a machine; raises LookupError when nobody wrote one."""
    if (machine, name) not in EFFECTS and ("", name) not in EFFECTS:
        load_rules()
    found = EFFECTS.get((machine, name)) or EFFECTS.get(("", name))
    if found is None:
        raise LookupError(f"{machine}: nobody registered the effect {name}")
    return found


def refusal(name: str, obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The sentence with which the guard refuses; "" when it lets pass."""
    function = guard_of(name, getattr(obj, "machine", ""))
    if function is None:
        return _("The rule “%(rule)s” cannot be checked yet.") % {"rule": name.replace("_", " ")}
    return function(obj, actor, inputs)


def is_asked_later(name: str, machine: str = "") -> bool:
    """Whether the form of the move answers the guard, so that it cannot be asked before."""
    return is_statement(name, machine) or (machine, name) in FROM_FORM or ("", name) in FROM_FORM


def is_statement(name: str, machine: str = "") -> bool:
    """Whether the actor answers the guard himself: no room has a function of its own for it."""
    return name in STATEMENTS and not (machine and (machine, name) in GUARDS)


@guard("risk_is_known")
def risk_is_known(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The level of risk was assessed."""
    known = getattr(obj, "risk", "") not in ("", "not_assessed")
    return "" if known else _("Assess the risk to the person first.")


# Both sides of a referral or transfer: `organisation_id` is the sender's, `receiver_id` the receiver's.


@guard("actor_is_sender")
def actor_is_sender(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The actor acts for the organisation that sends."""
    mine = not actor.is_person or obj.organisation_id in actor.organisation_ids
    return "" if mine else _("Only the organisation that sent this can do it.")


@guard("actor_is_receiver")
def actor_is_receiver(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The actor acts for the organisation that it is addressed to."""
    mine = not actor.is_person or obj.receiver_id in actor.organisation_ids
    return "" if mine else _("Only the organisation that this is addressed to can do it.")


@guard("actor_is_sender_or_receiver")
def actor_is_sender_or_receiver(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The actor acts for one of both sides."""
    return actor_is_sender(obj, actor, inputs) and actor_is_receiver(obj, actor, inputs)


def came_from(obj: Any) -> str:
    """The state from which the object came into its present one; "" when it began there."""
    from palermo.kernel.workflow.models import Origin

    rows = Origin.objects.filter(object_id=obj.pk, machine=obj.machine, state=obj.state)
    return rows.values_list("came_from", flat=True).first() or ""


@guard("came_from_negative_rg")
def came_from_negative_rg(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The decision under review is the one on reasonable grounds."""
    return "" if came_from(obj) == "negative_rg" else _("The review is about another decision.")


@guard("came_from_negative_cg")
def came_from_negative_cg(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """The decision under review is the conclusive one."""
    return "" if came_from(obj) == "negative_cg" else _("The review is about another decision.")


@guard("transfer_is_accepted")
def transfer_is_accepted(obj: Any, actor: Viewer, inputs: Inputs) -> str:
    """Given by the room of transfers as `inputs["transfer"]`: the transfer of this very object, accepted."""
    transfer = inputs.get("transfer")
    right = getattr(transfer, "machine", "") == "transfer" and getattr(transfer, "case_id", None) == obj.pk
    accepted = right and getattr(transfer, "state", "") == "accepted"
    return "" if accepted else _("This happens by itself when another organisation accepts a transfer.")


def _statement(name: str, key: str, sentence: str | Promise) -> None:
    @guard(name)
    def stated(obj: Any, actor: Viewer, inputs: Inputs) -> str:
        return "" if inputs.get(key) else str(sentence)


for _name, (_key, _sentence) in STATEMENTS.items():
    _statement(_name, _key, _sentence)


def statements_in(inputs: Inputs) -> str:
    """Which statements were made, for the audit."""
    return ",".join(sorted({key for key, _sentence in STATEMENTS.values() if inputs.get(key)}))
