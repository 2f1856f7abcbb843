"""The machines in words and pictures, written from the same data that the engine runs on."""

from typing import Any

from palermo.standards.codes import codelist
from palermo.standards.packs import Limit, pack
from palermo.standards.workflows.limits import limits_of
from palermo.standards.workflows.machines import PREVIOUS, Event, Machine, machine, names


def describe(pack_code: str = "default") -> dict[str, Any]:
    """Every machine: states, events, guards, actors, limits (of that country pack) and their sources."""
    return {"pack": pack_code, "machines": [_machine(machine(name), pack_code) for name in names()]}


def _machine(m: Machine, pack_code: str) -> dict[str, Any]:
    return {
        "name": m.name,
        "version": m.version,
        "title": m.title(),
        "source": m.source,
        "start": {"state": m.initial, "actors": sorted(m.start_actors), "source": m.start_source},
        "states": [
            {"code": s.code, "kind": s.kind, "label": s.label(), "pauses": s.pauses}
            for s in m.states.values()
        ],
        "events": [_event(e, pack_code) for e in m.events],
    }


def _event(e: Event, pack_code: str) -> dict[str, Any]:
    return {
        "code": e.code,
        "label": e.label(),
        "from": list(e.sources),
        "to": e.to,
        "actors": sorted(e.actors),
        "guards": list(e.guards),
        "effects": list(e.effects),
        "two_person": list(e.two_person),
        "reason_required": e.reason_required,
        "track": e.track,
        "source": e.source,
        "limits": [
            {
                "key": limit.key,
                "when": f"{e.limit.by} = {case}" if e.limit and e.limit.by else "",
                "amount": limit.amount,
                "unit": limit.unit,
                "verified": limit.verified,
                "source": limit.source,
            }
            for case, limit in limits_of(e, pack(pack_code))
        ],
    }


def _span(limit: Limit) -> str:
    unit = limit.unit.replace("_", " ")
    return f"{limit.amount} {unit if limit.amount != 1 else unit.removesuffix('s')}"


def _spans(e: Event, pack_code: str) -> str:
    parts = [
        f"{_span(limit)} ({case})" if case else _span(limit) for case, limit in limits_of(e, pack(pack_code))
    ]
    return "; ".join(parts)


def describe_text(pack_code: str = "default") -> str:
    """The machines as plain lines for a terminal."""
    out = []
    for name in names():
        m = machine(name)
        out += [f"{m.title()} ({m.name}, version {m.version})", f"  begins in {m.initial}"]
        for e in m.events:
            limit = _spans(e, pack_code)
            out.append(
                f"  {', '.join(e.sources)} -> {e.to}: {e.code} by {', '.join(sorted(e.actors))}"
                + (f"; guards: {', '.join(e.guards)}" if e.guards else "")
                + (f"; within {limit}" if limit else "")
                + f" [{e.source}]"
            )
        out.append("")
    return "\n".join(out)


def mermaid(m: Machine) -> str:
    """The machine as the text of a Mermaid state diagram."""
    out = ["stateDiagram-v2", f"    [*] --> {m.initial}"]
    for e in m.events:
        for state in e.sources:
            # A return to the state before has no one target: it is drawn to a fork of its own.
            target = "previous_state" if e.to == PREVIOUS else e.to
            out.append(f"    {state} --> {target}: {e.code}")
    out += [f"    {s.code} --> [*]" for s in m.states.values() if s.kind == "end"]
    return "\n".join(out)


def workflows_page(pack_code: str = "default") -> str:
    """docs/reference/workflows.md."""
    roles = codelist("palermo/role")
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
        starters = ", ".join(sorted(roles.label(r) for r in m.start_actors))
        out += [f"Begun by: {starters}. Begins in `{m.initial}`.", "", "```mermaid", mermaid(m), "```", ""]
        out += ["| from | event | to | who | rules | limit | source |", "|---|---|---|---|---|---|---|"]
        out += [_line(e, pack_code) for e in m.events]
        out.append("")
    return "\n".join(out)


def _line(e: Event, pack_code: str) -> str:
    roles = codelist("palermo/role")
    rules = [g.replace("_", " ") for g in e.guards]
    rules += ["reason"] if e.reason_required else []
    rules += [f"not who did {', '.join(e.two_person)}"] if e.two_person else []
    rules += [f"{e.track} only"] if e.track else []
    cells = (
        ", ".join(f"`{s}`" for s in e.sources), f"`{e.code}`: {e.label()}", f"`{e.to}`",
        ", ".join(sorted(roles.label(r) for r in e.actors)), "; ".join(rules), _spans(e, pack_code), e.source,
    )  # fmt: skip
    return f"| {' | '.join(c.replace('|', '/') for c in cells)} |"
