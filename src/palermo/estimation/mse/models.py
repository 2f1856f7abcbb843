"""Log-linear models for capture tables, and how they are written.

A term is a bit mask of lists (bit j = list j, list 0 the lowest bit); term 0 is the constant. A model is the plain
frozenset of all its terms and is always hierarchical: with a term come all its parts, among them the constant and
every single list. So the model's number of parameters is `len(model)`.

The text names the maximal terms with lists numbered from 1: "[12,13,4]" is lists 1 and 2 together, 1 and 3 together,
and list 4 alone. From ten lists on the numbers within a term are joined by dots: "[1.10,2]". Long terms come first,
equally long ones in the order of their lists (the habit of the R packages).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

from palermo.estimation.problems import BadOptions
from palermo.saying import phrase

Model = frozenset[int]
DOTS_FROM = 10  # lists from which on "12" would no longer say which lists are meant


def members(term: int) -> tuple[int, ...]:
    """The lists of a term, from 0: members(0b1010) == (1, 3)."""
    return tuple(j for j in range(term.bit_length()) if term >> j & 1)


def term_of(lists: Iterable[int]) -> int:
    """The term of these lists (from 0)."""
    return sum(1 << j for j in set(lists))


@lru_cache(maxsize=65_536)
def parts(term: int) -> frozenset[int]:
    """All subsets of a term, itself and the constant included."""
    found, part = {0}, term
    while part:
        found.add(part)
        part = (part - 1) & term
    return frozenset(found)


def closure(terms: Iterable[int], k: int) -> Model:
    """The smallest hierarchical model of k lists that holds these terms. Raises BadOptions for a list too many."""
    model = {0} | {1 << j for j in range(k)}
    for term in terms:
        if not 0 <= term < 1 << k:
            raise BadOptions(phrase("a model of {k} lists has no term {term}", k=k, term=term))
        model |= parts(term)
    return frozenset(model)


def independence(k: int) -> Model:
    """Main effects only: every list by itself."""
    return closure((), k)


def is_hierarchical(model: Iterable[int]) -> bool:
    """Does every term come with all its parts?"""
    terms = frozenset(model)
    return all(term & ~(1 << j) in terms for term in terms for j in members(term))


def pairs(k: int) -> tuple[int, ...]:
    """All pairs of lists in the order 12, 13, ..., 1k, 23, ...: among equals the first counts."""
    return terms_of_size(2, k)


def terms_of_size(size: int, k: int) -> tuple[int, ...]:
    """All terms of so many lists, in the order of their lists."""
    return tuple(term_of(chosen) for chosen in combinations(range(k), size))


def maximal(model: Model) -> tuple[int, ...]:
    """The terms that are part of no other, in the order in which they are written."""
    inner = {term & ~(1 << j) for term in model for j in members(term)}
    return tuple(sorted(model - inner, key=_rank))


def ordered(model: Iterable[int]) -> tuple[int, ...]:
    """Terms for reading: constant, lists, pairs (12, 13, ...), triples."""
    return tuple(sorted(model, key=lambda term: (term.bit_count(), members(term))))


def order(model: Model) -> int:
    """The highest interaction: 1 for main effects, 2 with pairs, ..."""
    return max(term.bit_count() for term in model)


def lists_of(model: Model) -> int:
    """How many lists the model speaks of."""
    return max(model).bit_length()


def text(model: Model) -> str:
    """ "[12,13,4]"."""
    dots = lists_of(model) >= DOTS_FROM
    return "[" + ",".join(term_text(term, dots=dots) for term in maximal(model)) + "]"


def term_text(term: int, *, dots: bool = False) -> str:
    """One term as in the text of a model; "" for the constant."""
    return ("." if dots else "").join(str(j + 1) for j in members(term))


def parse(written: str, k: int) -> Model:
    """The model of k lists that the text names; lists that it leaves out stand alone.

    Raises BadOptions with what is wrong: another character, a list that is not there, a list twice in a term.
    """
    bare = written.strip().removeprefix("[").removesuffix("]").strip()
    terms = [_term(one.strip(), k, written) for one in bare.split(",")] if bare else []
    return closure(terms, k)


def as_model(given: str | Iterable[int], k: int) -> Model:
    """A model from its text or from its terms (closed if need be). Raises BadOptions."""
    return parse(given, k) if isinstance(given, str) else closure(given, k)


def _term(written: str, k: int, whole: str) -> int:
    example = "[1.10,2]" if k >= DOTS_FROM else "[12,3]"
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", written):
        raise BadOptions(
            phrase(
                '"{whole}" is no model: terms of list numbers between commas, as in {example}',
                whole=whole,
                example=example,
            )
        )
    apart = "." in written or k >= DOTS_FROM
    numbers = [int(one) for one in (written.split(".") if apart else written)]
    wrong = sorted({one for one in numbers if not 1 <= one <= k})
    if wrong:
        raise BadOptions(
            phrase(
                '"{whole}" names list {wrong}; this table has lists 1 to {k}',
                whole=whole,
                wrong=wrong[0],
                k=k,
            )
        )
    if len(set(numbers)) < len(numbers):
        raise BadOptions(
            phrase('"{whole}" names a list twice in the term "{written}"', whole=whole, written=written)
        )
    return term_of(one - 1 for one in numbers)


def _rank(term: int) -> tuple[int, tuple[int, ...]]:
    return -term.bit_count(), members(term)
