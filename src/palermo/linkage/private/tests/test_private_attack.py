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
    tried = attack.tried(ours.filters, others, truth, rng)
    assert {name.split(",")[0] for name in tried} == {"whole", *attack.NAMED_SEGMENTS}
    assert max(one.won for one in tried.values()) < BAR


def test_names_alone_in_a_segment_would_be_counted() -> None:
    """The attack by groups sees what it should: a segment that held nothing but a name, though it is flipped."""
    people = invent(3000, noise=0.0, seed=21, cultures=("arabic",)).lists[0]
    others = invent(3000, noise=0.0, seed=99, cultures=("arabic",)).lists[1]
    truth = [name_sounds(record) for record in people.rows()]
    filters = attack.naive(people, b"a key", bits=512)
    public = attack.known(others, lambda record: frozenset({"|".join(sorted(name_sounds(record)))}))
    found = attack.claimed(attack.grouped(filters), public, truth, np.random.default_rng(1))
    assert found.patterns > 10
    assert found.claimed > 0.05


def test_nothing_to_mine_is_no_error() -> None:
    public = attack.known(invent(300, noise=0.5, seed=1).lists[0], attack.single_facts)
    noise = np.random.default_rng(2).integers(0, 2**63, (400, 16)).astype(np.uint64)
    assert attack.attack(noise, public, [frozenset()] * 400, np.random.default_rng(1)).right == 0
