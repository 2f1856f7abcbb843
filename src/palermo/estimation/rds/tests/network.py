"""An invented population that is known to the last tie, and samples recruited from it: the truth to test against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palermo.estimation.rds.sample import RecruitmentSample


@dataclass(frozen=True, eq=False)
class Network:
    """Neighbours of everybody, and who belongs to the group."""

    neighbours: list[npt.NDArray[np.int64]]
    member: npt.NDArray[np.bool_]

    @property
    def share(self) -> float:
        return float(self.member.mean())


def network(people: int, share: float, mean: float, activity: float, homophily: float, seed: int) -> Network:
    """A population in which members have `activity` times the ties of others, and `homophily` times as many among
    themselves as chance would give (1: none). Everybody has two ties at least."""
    draw = np.random.default_rng(seed)
    member = np.arange(people) < round(share * people)
    rate = draw.gamma(4.0, 0.25, people) * np.where(member, activity, 1.0)
    chance = np.outer(rate, rate) * np.where(np.equal.outer(member, member), homophily, 1.0)
    np.fill_diagonal(chance, 0.0)
    chance *= mean * people / chance.sum()
    tie = np.triu(draw.random((people, people)) < chance, 1)
    tie |= tie.T
    for one in np.flatnonzero(tie.sum(axis=1) < 2):
        friends = draw.choice(people, 2, replace=False, p=chance[one] / chance[one].sum())
        tie[one, friends] = tie[friends, one] = True
    np.fill_diagonal(tie, False)
    return Network([np.flatnonzero(row) for row in tie], member)


def recruited(world: Network, n: int, seeds: int, coupons: int, seed: int) -> RecruitmentSample:
    """A sample of n people: seeds by number of ties, then each gives `coupons` to acquaintances not yet reached."""
    draw = np.random.default_rng(seed)
    degree = np.array([len(friends) for friends in world.neighbours])
    queue = list(draw.choice(len(degree), seeds, replace=False, p=degree / degree.sum()))
    boss = {int(one): "seed" for one in queue}
    at = 0
    while len(boss) < n:
        if at == len(queue):  # everybody reached has no acquaintance left: another seed
            rest = [one for one in range(len(degree)) if one not in boss]
            queue.append(int(draw.choice(rest)))
            boss[queue[-1]] = "seed"
        person = int(queue[at])
        at += 1
        free = [int(friend) for friend in world.neighbours[person] if int(friend) not in boss]
        draw.shuffle(free)
        for friend in free[: min(coupons, n - len(boss))]:
            boss[friend] = str(person)
            queue.append(friend)
    rows = list(boss)
    return RecruitmentSample.from_columns(
        rows, [boss[row] for row in rows], degree[rows].tolist(),
        {"member": ["yes" if world.member[row] else "no" for row in rows]},
    )  # fmt: skip
