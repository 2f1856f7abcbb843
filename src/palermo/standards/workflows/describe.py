"""The machines in words and pictures, written from the same data that the engine runs on."""

from typing import Any

from palermo.standards.codes import codelist
from palermo.standards.packs import Limit, pack
from palermo.standards.workflows.limits import limits_of, timers_of
from palermo.standards.workflows.machines import (
    PERSON,
    PREVIOUS,
    SAME,
    Event,
    LimitRule,
    Machine,
    machine,
    names,
)

MANY = 5  # an event that leaves so many states for one is drawn from "any open state"


def describe(pack_code: str = "default") -> dict[str, Any]:
    """Every machine: states, events, transitions with guards, actors, limits (of that country pack), sources."""
    return {"pack": pack_code, "workflows": [_machine(machine(name), pack_code) for name in names()]}


def _machine(m: Machine, pack_code: str) -> dict[str, Any]:
    return {
        "name": m.name,
        "version": m.version,
        "titles": dict(m.titles),
        "source": m.source,
        "start": {
            "event": m.start_event,
            "to": m.initial,
            "actors": sorted(m.start_actors),
            "source": m.start_source,
        },
        "states": list(m.states),
        "initial": m.initial,
        "ends": [s.code for s in m.states.values() if s.kind == "end"],
        "pauses": [s.code for s in m.states.values() if s.pauses],
        "pause_reasons": {code: dict(labels) for code, labels in m.pause_reasons.items()},
        "events": list(dict.fromkeys(e.code for e in m.events)),
        "labels": {
            "states": {s.code: dict(s.labels) for s in m.states.values()},
            "events": {e.code: dict(e.labels) for e in m.events},
        },
        "transitions": [
            _transition(e, state, target, pack_code)
            for e in m.events
            for state in e.sources
            for target in m.targets(e, state)
        ],
    }


def _transition(e: Event, state: str, target: str, pack_code: str) -> dict[str, Any]:
    """One line from state to state; a return to the state before has one for each state it may be."""
    return {
        "from": state,
        "event": e.code,
        "to": target,
        "to_previous": e.to == PREVIOUS,
        "actors": sorted(e.actors),
        "guards": list(e.guards),
        "effects": list(e.effects),
        "two_person": list(e.two_person),
        "needs": list(e.needs),
        "reason_required": e.reason_required,
        "track": e.track,
        "note": e.note,
        "limits": [
            *(_limit(e.limit, case, limit, "due") for case, limit in limits_of(e, pack(pack_code))),
            *(_limit(e.after, case, limit, "timer") for case, limit in timers_of(e, pack(pack_code))),
        ],
        "source": e.source,
    }


def _limit(rule: LimitRule | None, case: str, limit: Limit, kind: str) -> dict[str, Any]:
    """kind: due (somebody must act by then) or timer (it happens by itself then, and not before)."""
    assert rule is not None
    counted = {"start": "from", "before": "before", "at": "at"}
    anchors = [f"{word} {getattr(rule, name)}" for name, word in counted.items() if getattr(rule, name)]
    anchors += ["where set, else from entering the state"] if rule.at else []
    return {
        "code": limit.key,
        "kind": kind,
        "when": f"{rule.by} = {case}" if rule.by else "",
        "counted": " ".join(anchors) or "from entering the state",
        "amount": limit.amount,
        "unit": limit.unit,
        "source": limit.source,
        "verified": limit.verified,
        "note": limit.note,
        "pack": limit.pack,
    }


def _span(limit: Limit) -> str:
    unit = limit.unit.replace("_", " ")
    return f"{limit.amount} {unit if limit.amount != 1 else unit.removesuffix('s')}"


def _spans(e: Event, pack_code: str) -> str:
    """“within 3 days; within 1 hour (high)”, and for the timer “after 30 days”."""
    pairs = [
        *((case, f"within {_span(limit)}") for case, limit in limits_of(e, pack(pack_code))),
        *((case, f"after {_span(limit)}") for case, limit in timers_of(e, pack(pack_code))),
    ]
    return "; ".join(f"{span} ({case})" if case else span for case, span in pairs)


def describe_text(pack_code: str = "default") -> str:
    """The machines as plain lines for a terminal."""
    out = []
    for name in names():
        m = machine(name)
        out += [f"{m.title()} ({m.name}, version {m.version})", f"  begins in {m.initial}: {m.start_event}"]
        for e in m.events:
            limit = _spans(e, pack_code)
            out.append(
                f"  {', '.join(e.sources)} -> {e.to}: {e.code} by {', '.join(sorted(e.actors))}"
                + (f"; guards: {', '.join(e.guards)}" if e.guards else "")
                + (f"; {limit}" if limit else "")
                + f" [{e.source}]"
            )
        out.append("")
    return "\n".join(out)


def mermaid(m: Machine) -> str:
    """The machine as the text of a Mermaid state diagram: arrows between the same two states are one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for e in m.events:
        for state in e.sources:
            # A return to the state before has no one target: it is drawn to a box of its own.
            target = {PREVIOUS: "previous_state", SAME: state}.get(e.to, e.to)
            arrows.setdefault((state, target), []).append(e.code)
    gathered = _gathered(arrows)
    out = ["stateDiagram-v2", f"    [*] --> {m.initial}: {m.start_event}"]
    if any(state == "any_open" for state, _target in gathered):
        out.append('    state "any open state" as any_open')
    out += [f"    {state} --> {target}: {', '.join(codes)}" for (state, target), codes in gathered.items()]
    out += [f"    {s.code} --> [*]" for s in m.states.values() if s.kind == "end"]
    return "\n".join(out)


def _gathered(arrows: dict[tuple[str, str], list[str]]) -> dict[tuple[str, str], list[str]]:
    """Events that leave many states for one (missing, withdrawn) are drawn once, so that the picture stays readable."""
    leaving: dict[tuple[str, str], list[str]] = {}
    for (state, target), codes in arrows.items():
        for code in codes:
            leaving.setdefault((code, SAME if state == target else target), []).append(state)
    many = {pair for pair, states in leaving.items() if len(states) >= MANY}
    found: dict[tuple[str, str], list[str]] = {}
    for (state, target), codes in arrows.items():
        for code in codes:
            loop = state == target
            if (code, SAME if loop else target) in many:
                pair = ("any_open", "any_open" if loop else target)
            else:
                pair = (state, target)
            if code not in found.setdefault(pair, []):
                found[pair].append(code)
    return found


def workflows_page(pack_code: str = "default") -> str:
    """docs/reference/workflows.md."""
    out = [
        "# Workflows",
        "",
        "Written from `src/palermo/standards/workflows` by `python -m palermo.standards.pages`; do not edit.",
        f"Limits are those of the country pack `{pack_code}`; a country changes them in its own pack.",
        "",
    ]
    for name in names():
        m = machine(name)
        out += [f"## {m.title()} (`{m.name}`, version {m.version})", "", f"Source: {m.source}.", ""]
        starters = ", ".join(sorted(_role(r) for r in m.start_actors))
        out += [
            f"Begun by: {starters}. Begins in `{m.initial}` (`{m.start_event}`).",
            "",
            "```mermaid",
            mermaid(m),
            "```",
            "",
        ]
        out += ["| from | event | to | who | rules | limit | source |", "|---|---|---|---|---|---|---|"]
        out += [_line(e, pack_code) for e in m.events]
        out.append("")
    return "\n".join(out)


def _role(code: str) -> str:
    return "the person, through a worker" if code == PERSON else codelist("palermo/role").label(code)


def _line(e: Event, pack_code: str) -> str:
    rules = [g.replace("_", " ") for g in e.guards]
    rules += ["reason"] if e.reason_required else []
    rules += [f"not who did {', '.join(e.two_person)}"] if e.two_person else []
    rules += [f"after {', '.join(e.needs)}"] if e.needs else []
    rules += [f"{e.track} only"] if e.track else []
    cells = (
        ", ".join(f"`{s}`" for s in e.sources), f"`{e.code}`: {e.label()}", f"`{e.to}`",
        ", ".join(sorted(_role(r) for r in e.actors)), "; ".join(rules), _spans(e, pack_code), e.source,
    )  # fmt: skip
    return f"| {' | '.join(c.replace('|', '/') for c in cells)} |"
