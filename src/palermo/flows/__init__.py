"""Follow the money: who pays whom in a chain of trafficking or smuggling, who profits, and what may leave. Pure.

A file (`Chain`) may know persons who are shielded: victims, smuggled migrants, protected witnesses. `network(chain)` is
the only way out of it, and a `Network` has no place in which a shielded person could stand: totals, measures, the
picture and the export take a `Network`. Formulae: docs/methods/flows.md.
"""

from palermo.flows.actors import Actor, Kind, Role, Shielded, ShieldedRole, Tie, TieKind
from palermo.flows.flows import CERTAINTIES, Certainty, Flow, FlowKind, Stage
from palermo.flows.ftm import entities, lines
from palermo.flows.measures import Balance, balances, bridges, profits, shortest
from palermo.flows.picture import Words, svg
from palermo.flows.totals import Rates, Total, converted, totals
from palermo.flows.wall import CROWD, Chain, Network, network

__all__ = [
    "CERTAINTIES", "CROWD", "Actor", "Balance", "Certainty", "Chain", "Flow", "FlowKind", "Kind", "Network", "Rates",
    "Role", "Shielded", "ShieldedRole", "Stage", "Tie", "TieKind", "Total", "Words", "balances", "bridges",
    "converted", "entities", "lines", "network", "profits", "shortest", "svg", "totals",
]  # fmt: skip
