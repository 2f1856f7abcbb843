"""The frequency attack: it names people behind a naive encoding, and not behind ours."""

import numpy as np

from palermo.linkage.generator import invent
from palermo.linkage.private import attack, encoding, keys
from palermo.linkage.private.parameters import Parameters
from palermo.linkage.private.tokens import name_sounds

BAR = 0.01


def test_what_names_a_sixth_of_a_naive_list_names_fewer_than_one_in_a_hundred_of_ours() -> None:
    people = invent(7000, noise=0.5, seed=21).lists[0]
    others = invent(7000, noise=0.5, seed=99).lists[1]  # of the same country, nobody of them on the list
    truth = [name_sounds(record) for record in people.rows()]
    rng = np.random.default_rng(1)
    broken = attack.attack(
        attack.naive(people, b"a key"), attack.known(others, attack.single_facts), truth, rng
    )
    assert broken.won > 0.12
    key = keys.join([keys.draw_share("p", body, (), bytes([n]) * 32) for n, body in enumerate("ab", 1)])
    numbers = np.random.default_rng(3).permutation(len(people)).astype(np.uint64)
    ours, order = encoding.encode(people, key, Parameters(), numbers)
    truth = [truth[at] for at in order]
    for facts in (attack.paired_facts, attack.single_facts):
        for sure in (6.0, 4.5):
            held = attack.attack(ours.filters, attack.known(others, facts), truth, rng, sure=sure)
            assert held.won < BAR


def test_nothing_to_mine_is_no_error() -> None:
    public = attack.known(invent(300, noise=0.5, seed=1).lists[0], attack.single_facts)
    noise = np.random.default_rng(2).integers(0, 2**63, (400, 16)).astype(np.uint64)
    assert attack.attack(noise, public, [frozenset()] * 400, np.random.default_rng(1)).right == 0
