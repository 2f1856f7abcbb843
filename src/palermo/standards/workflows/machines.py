"""State machines as data: who may do what to an object in which state, within which limit, by which source.

A machine is a TOML file beside this one. A limit belongs to an event: the clock starts when the object enters a
state that the event leaves, and stops when the event happens. It names a limit of the country pack, or is an
ISO 8601 duration, or depends on an attribute of the object (`by`). `after` is the other kind of clock: when it
has run out, the timer lets the event happen by itself, and nobody may let it happen before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from palermo.standards.read import toml, toml_names

PREVIOUS = "@previous"  # a target: the state the object was in before it entered the present one
SAME = "@same"  # a target: the state the object is in
SYSTEM = "system"
PERSON = "person_via_worker"  # the person herself, whose wish one of the other actors writes down
KINDS = ("initial", "open", "end")
TRACKS = ("", "adult", "child")


class UnknownMachine(LookupError):
    """No state machine of that name."""


@dataclass(frozen=True, slots=True)
class State:
    """kind: initial (where an object begins), open, or end (running deadlines stop).

    pauses: clocks stand still; with pauses_once, one clock stands still here but once in its life.
    """

    code: str
    kind: str
    labels: Mapping[str, str]
    pauses: bool = False
    pauses_once: bool = False

    def label(self, language: str = "en") -> str:
        return self.labels.get(language) or self.labels.get(language[:2]) or self.labels["en"]


@dataclass(frozen=True, slots=True)
class LimitRule:
    """The key of a limit, chosen by an attribute of the object where `by` is given; "otherwise" is the rest.

    The clock starts when the state is entered, or at the attribute `start` of the object (while that is empty it
    does not run). before: it falls due that long before the attribute. at: it falls due at the attribute, and only
    while that is empty after the limit. times: so many times the limit.
    """

    by: str
    keys: Mapping[str, str]
    start: str = ""
    before: str = ""
    at: str = ""
    times: int = 1

    def key(self, obj: Any) -> str:
        value = getattr(obj, self.by, None) if self.by else None
        # 1 == True in Python: a number is no answer to a question of yes or no.
        text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
        return self.keys.get(text) or self.keys["otherwise"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that can happen. two_person: events whose last doer may not be the doer of this one.

    needs: events that must have happened since the object came into its state. guards and effects are names that
    a room gives a function for. track: "child", "adult" or "" for both. after: the clock of the timer.
    hears: what the system hears of elsewhere and answers with this event, where it is no clock.
    """

    code: str
    sources: tuple[str, ...]
    to: str
    actors: frozenset[str]
    labels: Mapping[str, str]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    two_person: tuple[str, ...]
    needs: tuple[str, ...]
    reason_required: bool
    limit: LimitRule | None
    after: LimitRule | None
    track: str
    note: str
    source: str
    hears: str = ""

    def label(self, language: str = "en") -> str:
        return self.labels.get(language) or self.labels.get(language[:2]) or self.labels["en"]


@dataclass(frozen=True)
class Machine:
    """A whole state machine."""

    name: str
    version: int
    titles: Mapping[str, str]
    source: str
    start_event: str
    start_actors: frozenset[str]
    start_source: str
    states: Mapping[str, State]
    events: tuple[Event, ...]
    initial: str = field(default="")
    pause_reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def title(self, language: str = "en") -> str:
        return self.titles.get(language) or self.titles.get(language[:2]) or self.titles["en"]

    def state(self, code: str) -> State:
        return self.states[code]

    def leaving(self, state: str) -> tuple[Event, ...]:
        """The events that can happen in a state."""
        return tuple(e for e in self.events if state in e.sources)

    def targets(self, event: Event, state: str) -> tuple[str, ...]:
        """Where the event can lead from that state: one state, or for "@previous" each it may have come from."""
        if event.to == SAME:
            return (state,)
        if event.to != PREVIOUS:
            return (event.to,)
        into = (e for e in self.events if e.to == state)
        return tuple(dict.fromkeys(s for e in into for s in e.sources if s != state))

    def find(self, state: str, event: str) -> Event | None:
        """The event of that name in that state; None when it is not legal there."""
        return next((e for e in self.events if e.code == event and state in e.sources), None)


def _labels(x: Mapping[str, Any], prefix: str = "label_") -> Mapping[str, str]:
    return MappingProxyType({k.removeprefix(prefix): v for k, v in x.items() if k.startswith(prefix)})


def _limit(x: Any) -> LimitRule | None:
    if x is None:
        return None
    if isinstance(x, str):
        return LimitRule("", MappingProxyType({"otherwise": x}))
    how = {k: v for k, v in x.items() if k in ("by", "start", "before", "at", "times")}
    keys = MappingProxyType({k: v for k, v in x.items() if k not in how})
    return LimitRule(how.pop("by", ""), keys, **how)


def _event(x: Mapping[str, Any]) -> Event:
    known = {"code", "from", "to", "actors", "guards", "effects", "two_person", "needs", "reason_required", "limit",
             "after", "hears", "track", "note", "source", "label_en", "label_fr", "label_ar"}  # fmt: skip
    if set(x) - known:
        raise ValueError(f"event {x.get('code')}: unknown keys {sorted(set(x) - known)}")
    return Event(
        code=x["code"],
        sources=tuple(x["from"]),
        to=x["to"],
        actors=frozenset(x["actors"]),
        labels=_labels(x),
        guards=tuple(x.get("guards", ())),
        effects=tuple(x.get("effects", ())),
        two_person=tuple(x.get("two_person", ())),
        needs=tuple(x.get("needs", ())),
        reason_required=x.get("reason_required", False),
        limit=_limit(x.get("limit")),
        after=_limit(x.get("after")),
        track=x.get("track", ""),
        note=x.get("note", ""),
        source=x["source"],
        hears=x.get("hears", ""),
    )


def _state(x: Mapping[str, Any]) -> State:
    once = x.get("pauses_once", False)
    return State(x["code"], x["kind"], _labels(x), once or x.get("pauses", False), once)


def build(x: Mapping[str, Any]) -> Machine:
    """The machine that a TOML table describes; `check.problems` says whether it makes sense."""
    states = [_state(s) for s in x["state"]]
    initial = next((s.code for s in states if s.kind == "initial"), "")
    return Machine(
        name=x["machine"],
        version=x["version"],
        titles=_labels(x, "title_"),
        source=x["source"],
        start_event=x["start"].get("event", "begin"),
        start_actors=frozenset(x["start"]["actors"]),
        start_source=x["start"]["source"],
        states=MappingProxyType({s.code: s for s in states}),
        events=tuple(_event(e) for e in x["event"]),
        initial=initial,
        pause_reasons=MappingProxyType({r["code"]: _labels(r) for r in x.get("pause_reason", ())}),
    )


def names() -> tuple[str, ...]:
    """Names of all machines."""
    return toml_names("workflows")


@cache
def machine(name: str) -> Machine:
    """The machine of that name; raises UnknownMachine."""
    if name not in names():
        raise UnknownMachine(f"no state machine “{name}”")
    return build(toml("workflows", f"{name}.toml"))
