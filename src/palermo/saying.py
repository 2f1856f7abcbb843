"""Sentences that remember how they were made: a template and what was put into it.

    phrase("Only {people} people were seen by more than one list.", people=12)

is an English text like any other, and also knows its template and its values, which go with it through JSON. Whoever
shows it in another language puts his own words for the template and writes the figures as his readers do
(`Sentence.told`). The templates are literals in the source, so that xgettext gathers them (tools/messages.py).

A value is a number (whole ones are written with their thousands), a name, another sentence, or a list: of names
(joined by commas), of sentences (a blank between them), of lists of names (A + B; C + D). A number may say how it is
written: `{rhat:.2f}`, a share as `{share:.0%}`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any


def _english(number: Any, how: str) -> str:
    if how.endswith("%"):
        return f"{format(100 * number, share_format(how))} %"
    return format(number, how or ("," if isinstance(number, int) else ""))


def share_format(how: str) -> str:
    """How the number of percent is written: ".0%" and "g%" become ".0f" and "g"."""
    return how[:-1] if how.endswith("g%") else f"{how[:-1]}f"


@dataclass(frozen=True)
class Tongue:
    """How a language says it: `one` a template, `many` the form for a number, `number` a figure (and how it is to be
    written, such as ".1f"), `name` a word that is not of this language."""

    one: Callable[[str], str] = str
    many: Callable[[str, str, int], str] = lambda one, many, n: one if n == 1 else many
    number: Callable[[float, str], str] = _english
    name: Callable[[str], str] = str


ENGLISH = Tongue()


def _plain(value: Any) -> Any:
    """numpy's numbers as Python's, and no infinity, so that they go to JSON."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    value = value.item() if hasattr(value, "item") else value
    return NO_LIMIT if value == math.inf else value


def _written(template: str, plural: str, values: Mapping[str, Any], tongue: Tongue) -> str:
    words = tongue.many(template, plural, values["n"]) if plural else tongue.one(template)
    parts = []
    for text, name, how, _ in Formatter().parse(words):
        parts.append(text)
        if name is not None:
            parts.append(_value(values[name], how or "", tongue))
    return "".join(parts)


def _value(value: Any, how: str, tongue: Tongue) -> str:
    if isinstance(value, Sentence):
        return value.told(tongue)
    if isinstance(value, (list, tuple)):
        return _list(value, tongue)
    return tongue.name(value) if isinstance(value, str) else tongue.number(value, how)


def _list(values: Sequence[Any], tongue: Tongue) -> str:
    if any(isinstance(one, (list, tuple)) for one in values):
        return "; ".join(" + ".join(_value(name, "", tongue) for name in one) for one in values)
    between = " " if all(isinstance(one, Sentence) and one.endswith(".") for one in values) else ", "
    return between.join(_value(one, "", tongue) for one in values)


class Sentence(str):
    """A text in English with the template and the values that it was made from. `parts`: sentences in a row."""

    template: str
    plural: str
    values: Mapping[str, Any]
    parts: tuple[str, ...]

    def __new__(
        cls,
        template: str,
        plural: str = "",
        values: Mapping[str, Any] | None = None,
        parts: Sequence[str] = (),
    ) -> Sentence:
        said = values or {}
        # Without values it is a template still to be filled (the words of pictures).
        filled = _written(template, plural, said, ENGLISH) if said else template
        text = " ".join(parts) if parts else filled
        made = super().__new__(cls, text)
        made.template, made.plural, made.values, made.parts = template, plural, said, tuple(parts)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Sentence, (self.template, self.plural, dict(self.values), self.parts)

    def told(self, tongue: Tongue) -> str:
        """The sentence in another language; in English where its translation names what there is not."""
        if self.parts:
            return " ".join(told(one, tongue) for one in self.parts)
        try:
            return _written(self.template, self.plural, self.values, tongue)
        except (KeyError, ValueError):
            return str(self)

    def as_json(self) -> dict[str, Any]:
        """Template and values; `made` reads it."""
        if self.parts:
            return {"parts": [to_json(one) for one in self.parts]}
        plural = {"plural": self.plural} if self.plural else {}
        return {
            "template": self.template,
            **plural,
            "values": {k: to_json(v) for k, v in self.values.items()},
        }


def phrase(template: str, /, **values: Any) -> Sentence:
    """A sentence with its values put in."""
    return Sentence(template, "", {name: _plain(one) for name, one in values.items()})


NO_LIMIT = phrase("no limit")


def phrases(one: str, many: str, n: int, /, **values: Any) -> Sentence:
    """A sentence with a form for one and a form for many; `{n}` is the number that decides."""
    return Sentence(one, many, {"n": int(n), **{name: _plain(value) for name, value in values.items()}})


def together(*sentences: str) -> Sentence:
    """Several sentences as one text."""
    return Sentence("", parts=[one for one in sentences if one])


def told(text: str, tongue: Tongue) -> str:
    """Any text of the library: a sentence in that language, what is none as it stands."""
    return text.told(tongue) if isinstance(text, Sentence) else text


def to_json(value: Any) -> Any:
    """A sentence as its template and values, anything else as it is."""
    if isinstance(value, Sentence):
        return value.as_json()
    return [to_json(one) for one in value] if isinstance(value, (list, tuple)) else value


def made(found: Any) -> Any:
    """What `to_json` wrote."""
    if isinstance(found, Mapping) and "parts" in found:
        return Sentence("", parts=[made(one) for one in found["parts"]])
    if isinstance(found, Mapping):
        values = {name: made(one) for name, one in found["values"].items()}
        return Sentence(found["template"], found.get("plural", ""), values)
    return [made(one) for one in found] if isinstance(found, (list, tuple)) else found
