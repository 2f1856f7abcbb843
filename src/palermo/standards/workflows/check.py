"""Does a state machine make sense? Every fault at once, in sentences."""

from collections import Counter
from collections.abc import Mapping

from palermo.standards.codes import codelist
from palermo.standards.packs import pack
from palermo.standards.workflows.limits import limits_of, timers_of
from palermo.standards.workflows.machines import KINDS, PERSON, PREVIOUS, SAME, SYSTEM, TRACKS, Event, Machine

LANGUAGES = frozenset({"en", "fr", "ar"})


def problems(m: Machine) -> list[str]:
    """Everything wrong with the machine; empty when it is sound."""
    found = [*_states(m), *_events(m), *_limits(m)]
    if not found:
        found = _reach(m)
    return [f"{m.name}: {p}" for p in found]


def _complete(labels: Mapping[str, str]) -> bool:
    return {language for language, text in labels.items() if text.strip()} == LANGUAGES


def _states(m: Machine) -> list[str]:
    found = []
    initial = [s.code for s in m.states.values() if s.kind == "initial"]
    if len(initial) != 1:
        found.append(f"needs one initial state and has {len(initial)}")
    if not any(s.kind == "end" for s in m.states.values()):
        found.append("has no end")
    for s in m.states.values():
        if s.kind == "end" and s.pauses:
            found.append(f"state {s.code}: an end has no clocks that could pause")
        if s.kind not in KINDS:
            found.append(f"state {s.code}: kind “{s.kind}” is unknown")
        if not _complete(s.labels):
            found.append(f"state {s.code}: a label is missing")
    if not _complete(m.titles):
        found.append("a title is missing")
    found += [f"pause reason {r}: a label is missing" for r, x in m.pause_reasons.items() if not _complete(x)]
    return found


def _events(m: Machine) -> list[str]:
    roles = {c.code for c in codelist("palermo/role")} | {PERSON}
    codes = {e.code for e in m.events}
    found = [f"start: role “{r}” is unknown" for r in sorted(m.start_actors) if r not in roles]
    pairs = Counter((s, e.code) for e in m.events for s in e.sources)
    found += [f"event {code} leaves {state} {n} times" for (state, code), n in pairs.items() if n > 1]
    for e in m.events:
        found += [f"event {e.code}: state “{s}” does not exist" for s in e.sources if s not in m.states]
        if e.to not in (PREVIOUS, SAME, *m.states):
            found.append(f"event {e.code}: state “{e.to}” does not exist")
        found += [f"event {e.code}: role “{r}” is unknown" for r in sorted(e.actors) if r not in roles]
        found += [f"event {e.code}: two_person names “{t}”" for t in e.two_person if t not in codes]
        found += [f"event {e.code}: needs names “{t}”" for t in e.needs if t not in codes]
        found += _timer(e)
        if not e.actors or not e.sources:
            found.append(f"event {e.code}: nobody can do it or it leaves no state")
        if not e.source:
            found.append(f"event {e.code}: has no source")
        if e.track not in TRACKS or not _complete(e.labels):
            found.append(f"event {e.code}: track “{e.track}” is unknown or a label is missing")
    return found


def _timer(e: Event) -> list[str]:
    found = []
    if (e.after is not None) and SYSTEM not in e.actors:
        found.append(f"event {e.code}: its clock fires it, but the system is not among its actors")
    if e.actors == {SYSTEM} and e.after is None and not e.hears:
        found.append(f"event {e.code}: only the system can do it, and no clock says when")
    if SYSTEM in e.actors and e.after is not None and (e.two_person or e.needs or e.reason_required):
        found.append(f"event {e.code}: the timer has no reason to give and is no second person")
    return found


def _limits(m: Machine) -> list[str]:
    found = []
    for e in m.events:
        for rule in (e.limit, e.after):
            if rule is None:
                continue
            if "otherwise" not in rule.keys:
                found.append(f"event {e.code}: its limit does not say what holds otherwise")
            if any(m.states[s].kind == "end" for s in e.sources if s in m.states):
                found.append(f"event {e.code}: a clock cannot run in an end state")
        try:
            [*limits_of(e, pack("default")), *timers_of(e, pack("default"))]
        except LookupError as error:
            found.append(f"event {e.code}: {error}")
    for state in m.states:
        keys = Counter(k for e in m.leaving(state) if e.after for k in set(e.after.keys.values()))
        found += [f"state {state}: two timers on “{key}”" for key, n in keys.items() if n > 1]
    return found


def _reach(m: Machine) -> list[str]:
    """States that cannot be reached, and open states from which no end can be reached."""
    before: dict[str, set[str]] = {s: set() for s in m.states}
    for e in m.events:
        for s in e.sources:
            if e.to not in (PREVIOUS, SAME):
                before[e.to].add(s)
    for e in m.events:
        if e.to == PREVIOUS:
            for s in e.sources:
                for origin in sorted(before[s]):
                    before[origin].add(s)
    after: dict[str, set[str]] = {s: {t for t, origins in before.items() if s in origins} for s in m.states}
    reached = _closure({m.initial}, after)
    ends = _closure({s.code for s in m.states.values() if s.kind == "end"}, before)
    found = [f"state {s} cannot be reached" for s in m.states if s not in reached]
    return found + [f"state {s} is a dead end: no end can be reached" for s in m.states if s not in ends]


def _closure(start: set[str], edges: dict[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for following in edges[todo.pop()] - seen:
            seen.add(following)
            todo.append(following)
    return seen
