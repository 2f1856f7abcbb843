"""Opening the file a person named, and saying everything that is wrong with it and with the options at once."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TextIO, TypeVar

from palermo.estimating.tongue import say
from palermo.estimation import BadInput, BadOptions, Options, Problem
from palermo.saying import phrase

Read = TypeVar("Read")
STANDARD_INPUT = "-"
BAD_INPUT = 2


class Refused(Exception):
    """Bad input: `problems` holds all of it, each with the file it is in."""

    def __init__(self, problems: Iterable[tuple[str, Problem]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for _file, problem in self.problems))

    @classmethod
    def inside(cls, file: str, problems: Iterable[Problem]) -> Refused:
        return cls((file, problem) for problem in problems)


@contextmanager
def opened(file: str) -> Iterator[TextIO]:
    """The lines of a CSV file ("-": standard input); UTF-8, or UTF-16 where the file says so itself."""
    if file == STANDARD_INPUT:
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        return
    with Path(file).open("rb") as raw:
        marked = raw.read(2) in (b"\xff\xfe", b"\xfe\xff")
        raw.seek(0)
        yield io.TextIOWrapper(raw, encoding="utf-16" if marked else "utf-8-sig", newline="")


def read(file: str, reader: Callable[[TextIO], Read], wrong: Iterable[Problem] = ()) -> Read:
    """What `reader` makes of the file. Raises Refused with `wrong` (of the options) and all that is wrong inside."""
    problems = list(wrong)
    try:
        with opened(file) as lines:
            found = reader(lines)
    except BadInput as error:
        raise Refused.inside(file, [*problems, *error.problems]) from None
    except BadOptions as error:
        raise Refused.inside(file, [*problems, Problem("options", error.message)]) from None
    except UnicodeError:
        problems.append(Problem("encoding", phrase("this is not UTF-8 text; save it as “CSV UTF-8”")))
    except FileNotFoundError:
        problems.append(Problem("file", phrase("there is no such file")))
    except OSError as error:
        problems.append(
            Problem("file", phrase("this file cannot be read: {strerror}", strerror=str(error.strerror)))
        )
    if problems:
        raise Refused.inside(file, problems)
    return found


def option_problems(options: Options) -> Iterator[Problem]:
    """What is wrong with the options whatever the method, named as on the command line."""
    for one in options.problems():
        yield replace(one, column=f"--{one.column}")


NOTHING = phrase("Nothing was estimated.")


def tell(refused: Refused, *, as_json: bool, ending: str = NOTHING) -> int:
    """Print the problems: sentences on standard error in the reader's language, with `--json` also one object on
    standard output, in English."""
    listed = [
        ("standard input" if file == STANDARD_INPUT else Path(file).name, one)
        for file, one in refused.problems
    ]
    if as_json:
        rows = [
            {"file": name, "row": one.row, "column": one.column, "value": one.value, "rule": one.rule,
             "message": one.message} for name, one in listed
        ]  # fmt: skip
        sys.stdout.write(json.dumps({"problems": rows}, ensure_ascii=False) + "\n")
    for name, one in listed:
        sys.stderr.write(f"{_line(name, one)}\n")
    sys.stderr.write(f"{say(ending)}\n")
    return BAD_INPUT


def _line(file: str, one: Problem) -> str:
    option = one.column.startswith("--")
    where = [] if option else [say(phrase("standard input")) if file == "standard input" else file]
    where += [say(phrase("row {row}", row=str(one.row)))] * bool(one.row)
    where += [one.column if option else say(phrase("column {name}", name=one.column))] * bool(one.column)
    return ", ".join([*where, *([f"“{one.value}”"] if one.value else [])]) + f": {say(one.message)}"
