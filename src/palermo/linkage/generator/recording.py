"""One invented list: who is in it, and what it says of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palermo.linkage.generator import births, writing
from palermo.linkage.generator.drawing import Bools, Floats, Ints, Texts
from palermo.linkage.generator.persons import Persons
from palermo.linkage.generator.settings import Errors, Source
from palermo.linkage.generator.words import Culture, Words
from palermo.linkage.people import PersonList

MEAN_DELAY = 75.0  # days from first being found to being recorded in a list


def record(
    persons: Persons, at: int, source: Source, cultures: Sequence[Culture], words: Words, errors: Errors,
    rng: np.random.Generator,
) -> tuple[PersonList, Ints]:  # fmt: skip
    """The list of one source, in the order of its days, and the person of each record."""
    rows = np.flatnonzero(persons.caught[:, at])
    rows = np.concatenate([rows, rows[rng.random(len(rows)) < errors.twice]])
    delay = rng.exponential(MEAN_DELAY, len(rows)).astype(np.int64)
    order = np.argsort(persons.met[rows] + delay, kind="stable")
    rows, days = rows[order], (persons.met[rows] + delay)[order]
    which = persons.culture[rows]

    names = writing.written(persons.words[rows], which, cultures, words, source, errors, rng)
    calendars = np.array([one.calendar for one in cultures], dtype=object)[which]
    dates, precisions = births.written(persons.born[rows], days, calendars, errors, rng)
    phones = np.array([one.phone for one in cultures], dtype=object)[which]
    columns = {
        "record_id": _numbers(source.name, len(rows)),
        "recorded_on": days.astype("datetime64[D]").astype(str).astype(object),
        "given_name": names.given,
        "family_name": names.family,
        "other_names": names.other,
        "sex": _sexes(persons.female[rows], errors, rng),
        "birth_date": dates,
        "birth_precision": precisions,
        "nationality": _nationalities(persons, rows, errors, rng),
        "place": np.where(rng.random(len(rows)) < 0.6, persons.place[rows], ""),
        "phone": _phones(persons.phone[rows], phones, source, errors, rng),
        "document_no": _documents(persons, rows, source, errors, rng),
    }
    return PersonList(source.name, {name: tuple(texts.tolist()) for name, texts in columns.items()}), rows


def _numbers(name: str, count: int) -> Texts:
    found = np.empty(count, dtype=object)
    found[:] = [f"{name[:3].upper()}-{number:06d}" for number in range(1, count + 1)]
    return found


def _sexes(female: Bools, errors: Errors, rng: np.random.Generator) -> Texts:
    said = female ^ (rng.random(len(female)) < errors.wrong_sex)
    texts = np.where(said, "female", "male").astype(object)
    texts[rng.random(len(female)) < errors.no_sex] = ""
    return texts


def _nationalities(persons: Persons, rows: Ints, errors: Errors, rng: np.random.Generator) -> Texts:
    other = rng.random(len(rows)) < errors.other_nationality
    texts = np.where(other, persons.other_nationality[rows], persons.nationality[rows])
    texts[rng.random(len(rows)) < errors.no_nationality] = ""
    return texts


def _phones(
    numbers: Ints, prefixes: Texts, source: Source, errors: Errors, rng: np.random.Generator
) -> Texts:
    count = len(numbers)
    asked = rng.random(count) < source.phones
    other = rng.random(count) < errors.other_phone
    said = np.where(other, rng.integers(10**6, 10**7, count), numbers)
    style = rng.random(count)
    found = np.full(count, "", dtype=object)
    for at in np.flatnonzero(asked).tolist():
        found[at] = _dialled(prefixes[at], f"{said[at]:07d}", style[at])
    return found


def _dialled(prefix: str, digits: str, style: float) -> str:
    """One number as it comes to be written: in full, without the plus, as dialled at home, in groups."""
    country, _, area = prefix.partition(" ")
    if style < 0.35:
        return f"{country}{area}{digits}"
    if style < 0.55:
        return f"00{country[1:]} {area}{digits}"
    if style < 0.80:
        return f"0{area}{digits}"
    return f"{country} {area}{digits[:3]} {digits[3:5]} {digits[5:]}"


def _documents(
    persons: Persons, rows: Ints, source: Source, errors: Errors, rng: np.random.Generator
) -> Texts:
    count = len(rows)
    shown = rng.random(count) < source.documents
    other = rng.random(count) < errors.other_document
    said = np.where(other, rng.integers(10**6, 10**9, count), persons.document[rows])
    draws = rng.random((count, 4))
    found = np.full(count, "", dtype=object)
    for at in np.flatnonzero(shown).tolist():
        letters = (
            "ABCDEFGHKLMNPRSTVX"[int(persons.culture[rows[at]])] + "EKNP"[int(persons.document[rows[at]]) % 4]
        )
        found[at] = _copied(f"{letters}{said[at]:09d}", draws[at], errors)
    return found


def _copied(number: str, draws: Floats, errors: Errors) -> str:
    """A document's number, sometimes with one digit wrong or two exchanged, sometimes in groups."""
    if draws[0] < errors.document_slip:
        at = 2 + int(draws[1] * (len(number) - 3))
        if draws[2] < 0.5:
            number = number[:at] + str((int(number[at]) + 1 + int(draws[1] * 8)) % 10) + number[at + 1 :]
        else:
            number = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return f"{number[:2]} {number[2:]}" if draws[3] < 0.2 else number
