"""The thesaurus as a tree, as SKOS in Turtle (W3C 2009) and as CSV."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from palermo.standards.countries import LANGUAGES
from palermo.standards.thesaurus import VERSION, Concept, concepts, narrower

BASE = "urn:palermo:thesaurus:"
HEAD = f"""@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .

<{BASE}scheme> a skos:ConceptScheme ;
  dct:title "palermo thesaurus"@en ;
  owl:versionInfo "{VERSION}" .
"""


def tree(code: str = "", depth: int = 0) -> Iterator[tuple[int, Concept]]:
    """(depth, concept) of everything below a concept, of all of it with an empty code."""
    for one in narrower(code):
        yield depth, one
        yield from tree(one.code, depth + 1)


def as_dict(one: Concept) -> dict[str, Any]:
    """A concept for a program."""
    return {
        "code": one.code, "broader": one.broader, "narrower": [below.code for below in narrower(one.code)],
        "labels": dict(one.labels), "others": {k: list(names) for k, names in one.others.items() if names},
        "notes": dict(one.notes), "source": one.source, "mappings": list(one.mappings),
        "definitions": [
            {"instrument": each.instrument, "text": each.text, "exact": each.exact} for each in one.definitions
        ],
    }  # fmt: skip


def _text(words: str, language: str) -> str:
    return f"{json.dumps(words, ensure_ascii=False)}@{language}"


def turtle() -> bytes:
    """SKOS: labels, scope notes, definitions, broader, and codes of other lists as notations."""
    return (HEAD + "".join(_concept(one) for one in concepts().values())).encode()


def _concept(one: Concept) -> str:
    said = [f"skos:inScheme <{BASE}scheme>"]
    said.append(f"skos:broader <{BASE}{one.broader}>" if one.broader else f"skos:topConceptOf <{BASE}scheme>")
    for language in LANGUAGES:
        said.append(f"skos:prefLabel {_text(one.labels[language], language)}")
        said += [f"skos:altLabel {_text(name, language)}" for name in one.others[language]]
    said += [f"skos:scopeNote {_text(words, language)}" for language, words in one.notes.items()]
    said += [f"skos:definition {_text(f'{each.instrument}: {each.text}', 'en')}" for each in one.definitions]
    said.append(f"skos:notation {json.dumps(one.code)}")
    said += [f"skos:note {json.dumps(each)}" for each in (one.source, *one.mappings) if each]
    return f"\n<{BASE}{one.code}> a skos:Concept ;\n  " + " ;\n  ".join(said) + " .\n"


def as_csv() -> bytes:
    """One line a concept; further names of a language follow the preferred one after "|"."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    notes = [f"note_{language}" for language in ("en", "fr", "ar")]
    writer.writerow(("code", "broader", *LANGUAGES, *notes, "source", "mappings"))
    for one in concepts().values():
        names = ("|".join(one.names(language)) for language in LANGUAGES)
        told = (one.notes.get(name[5:], "") for name in notes)
        writer.writerow((one.code, one.broader, *names, *told, one.source, ";".join(one.mappings)))
    return ("\ufeff" + out.getvalue()).encode()


FORMATS: dict[str, Callable[[], bytes]] = {"ttl": turtle, "csv": as_csv}


def told_of(one: Concept, language: str) -> str:
    """A concept as a text of one language: its names, and what it means where that is said."""
    return ". ".join(part for part in ("; ".join(one.names(language)), one.notes.get(language, "")) if part)


def fingerprint() -> str:
    """The same for the same names and notes."""
    told = "\n".join(told_of(one, language) for one in concepts().values() for language in LANGUAGES)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
