"""A pseudonym survives being read over the telephone, and a slip is noticed."""

import itertools

from palermo.kernel.vault.codes import ALPHABET, format_code, new_code, parse_code


def test_codes_are_well_formed_and_differ() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) > 1990
    assert all(parse_code(code) == code for code in codes)


def test_case_spaces_and_dashes_do_not_matter() -> None:
    code = format_code("7K3QM2")
    assert parse_code(code.lower().replace("-", " ")) == code
    assert parse_code(code.replace("-", "")) == code


def test_every_single_slip_is_noticed() -> None:
    code = format_code("7K3QM2")
    for position, character in enumerate(code):
        if position in (0, 1, 6):
            continue
        for other in ALPHABET.replace(character, ""):
            assert parse_code(code[:position] + other + code[position + 1 :]) is None


def test_every_swap_of_two_characters_is_noticed() -> None:
    code = format_code("7K3QM2")
    places = [position for position in range(2, len(code)) if position != 6]
    for one, two in itertools.combinations(places, 2):
        swapped = list(code)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        if "".join(swapped) != code:
            assert parse_code("".join(swapped)) is None


def test_nonsense_is_not_a_code() -> None:
    assert parse_code("") is None
    assert parse_code("P-0000-0000") is None
    assert parse_code("X-7K3Q-M294") is None
