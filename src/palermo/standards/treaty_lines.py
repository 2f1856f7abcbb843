"""Actions of States from a CSV file, one line each. Every bad line is told in words; nothing is guessed."""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime

from palermo.standards.countries import countries, find_country, fold
from palermo.standards.treaties import KINDS, PRECISIONS, Action, instruments

COLUMNS = {
    "instrument": ("instrument", "treaty", "convention", "protocol"),
    "party": ("party", "participant", "state", "country", "iso3", "alpha3", "country_code", "state_party"),
    "kind": ("action", "kind", "type", "action_type"),
    "date": ("date", "action_date", "date_of_action", "deposit_date", "date_of_deposit"),
    "certain": ("date_certain", "certain", "is_certain"),
    "uncertain": ("date_uncertain", "uncertain"),
    "precision": ("precision", "date_precision"),
    "ref": ("ref", "id", "action_id", "reference"),
    "supersedes": ("supersedes", "replaces", "corrects_id"),
    "corrects": ("corrects", "corrects_action"),
    "effective": ("effective", "effective_date"),
    "note": ("note", "notes", "remark", "text", "comment"),
    "source": ("source", "source_url"),
}  # fmt: skip
NEEDED = ("instrument", "party", "kind")
WORDS = {
    "signed": "signature", "s": "signature", "ratified": "ratification", "r": "ratification", "accepted": "acceptance",
    "a": "accession", "acceded": "accession", "aa": "approval", "d": "succession", "c": "formal_confirmation",
    "denunciation": "withdrawal", "reservation withdrawn": "withdrawal_of_reservation",
    "withdrawal of a reservation": "withdrawal_of_reservation", "reservation withdrawal": "withdrawal_of_reservation",
    "formal confirmation": "formal_confirmation",
}  # fmt: skip
TREATIES = {
    "untoc": "UNTOC", "convention": "UNTOC", "palermo convention": "UNTOC", "unctoc": "UNTOC", "xviii 12": "UNTOC",
    "tip": "TIP", "tip protocol": "TIP", "trafficking protocol": "TIP", "palermo protocol": "TIP", "untoc tip": "TIP",
    "trafficking in persons protocol": "TIP", "xviii 12 a": "TIP", "som": "SOM", "som protocol": "SOM",
    "smuggling protocol": "SOM", "smuggling of migrants protocol": "SOM", "xviii 12 b": "SOM", "untoc som": "SOM",
}  # fmt: skip
UNION = ("eu", "eue", "european union", "european community", "union europeenne")
YES, NO = ("yes", "y", "true", "1", "certain", "day"), ("no", "n", "false", "0", "uncertain", "not certain")
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong: line of the file, column, value and the rule in words."""

    row: int
    column: str
    value: str
    rule: str


def key_of(action: Action) -> str:
    """The fingerprint of what a line says: the same line read twice is one action."""
    return hashlib.sha256(
        "\x1f".join("" if v is None else str(v) for v in astuple(action)).encode()
    ).hexdigest()


def read(content: bytes) -> tuple[list[Action], list[Bad]]:
    """Every action of a file, and everything that is wrong with it."""
    try:
        return _read(content)
    except csv.Error as error:
        return [], [Bad(0, "", "", f"This is not CSV: {error}.")]


def _read(content: bytes) -> tuple[list[Action], list[Bad]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Bad(1, "", "", "The file is not UTF-8.")]
    first = text.split("\n", 1)[0]
    mark = max((",", ";", "\t"), key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    header = [fold(c).replace(" ", "_") for c in next(rows, [])]
    places = {n: header.index(w) for n, ws in COLUMNS.items() for w in ws[::-1] if w in header}
    lost = [name for name in NEEDED if name not in places]
    if lost:
        return [], [Bad(1, name, "", f"The column “{name}” is missing.") for name in lost]
    found: list[Action] = []
    bad: list[Bad] = []
    for cells in rows:
        if not any(c.strip() for c in cells) or cells[0].lstrip().startswith("#"):
            continue
        if len(found) >= MOST:
            bad.append(Bad(rows.line_num, "", "", f"More than {MOST} lines."))
            break
        row = {n: cells[i].strip() if i < len(cells) else "" for n, i in places.items()}
        action, wrong = _line(row)
        bad += [replace(one, row=rows.line_num) for one in wrong]
        found += [action] if action and not wrong else []
    return found, bad + circles(found)


def circles(found: list[Action]) -> list[Bad]:
    """A ref names one line, and nothing is superseded in a circle."""
    refs: dict[str, Action] = {}
    bad = []
    for one in found:
        if one.ref and refs.setdefault(one.ref, one) != one:
            bad.append(Bad(0, "ref", one.ref, "Two lines have the same reference."))
    for one in refs.values():
        seen, at = {one.ref}, one.supersedes
        while at in refs and at not in seen:
            seen.add(at)
            at = refs[at].supersedes
        if at and at == one.ref:
            bad.append(Bad(0, "supersedes", one.ref, "It supersedes itself."))
    return bad


def _line(row: Mapping[str, str]) -> tuple[Action | None, list[Bad]]:
    bad: list[Bad] = []

    def wrong(column: str, rule: str) -> str:
        bad.append(Bad(0, column, row.get(column, "")[:80], rule))
        return ""

    treaty = TREATIES.get(fold(row["instrument"])) or wrong(
        "instrument", f"Not one of {', '.join(instruments())}."
    )
    party = _party(row["party"]) or wrong("party", "Not a State or regional organisation that palermo knows.")
    kind = _kind(row["kind"]) or wrong("kind", f"Not one of {', '.join(KINDS)}.")
    corrects = _kind(row.get("corrects", ""))
    if row.get("corrects") and not corrects:
        wrong("corrects", "Not the name of an action.")
    if kind == "correction" and not corrects and not row.get("supersedes"):
        wrong(
            "corrects",
            "A correction says what it corrects: an action in “corrects”, or a reference in “supersedes”.",
        )
    when, precision, rule = _when(row)
    if rule:
        wrong("date", rule)
    effective = _day(row.get("effective", ""))
    if row.get("effective") and effective is None:
        wrong("effective", "Not a date such as 2003-12-25.")
    if treaty and when and when < instruments()[treaty].adopted:
        wrong("date", "Before the instrument was adopted.")
    texts = {n: row.get(n, "")[:1000] for n in ("ref", "supersedes", "note", "source")}
    return Action(treaty, party, kind, when, precision, corrects=corrects, effective=effective, **texts), bad


def _party(text: str) -> str:
    if fold(text) in UNION:
        return "EUE"
    found = find_country(text) or find_country(text.upper())
    return found.alpha3 if found and found.alpha3 in countries() else ""


def _kind(text: str) -> str:
    if text == "A":  # The depositary's own letters: A acceptance, a accession.
        return "acceptance"
    told = fold(text)
    said = WORDS.get(told, told).replace(" ", "_")
    return said if said in KINDS else ""


def _when(row: Mapping[str, str]) -> tuple[date | None, str, str]:
    """Date, precision, and what is wrong with them. A date that is told to be uncertain holds as `by`."""
    text = row.get("date", "")
    precision = row.get("precision", "").casefold()
    if precision and precision not in PRECISIONS:
        return None, "day", f"The precision is one of {', '.join(PRECISIONS)}."
    certain, uncertain = row.get("certain", "").casefold(), row.get("uncertain", "").casefold()
    if certain not in (*YES, *NO, "") or uncertain not in (*YES, *NO, ""):
        return None, "day", "Whether the date is certain is said by yes or no."
    doubt = certain in NO or uncertain in YES
    if not text or fold(text) in ("unknown", "not known"):
        if doubt or precision == "unknown":
            return None, "unknown", ""
        return None, "day", "The date is missing, and nothing says that it is not known."
    if re.fullmatch(r"\d{4}", text) and 1900 <= int(text) <= 2100:
        return date(int(text), 1, 1), "year", ""
    day = _day(text)
    if day is None:
        return None, "day", "Not a date such as 2003-12-25, nor a year."
    return day, precision or ("by" if doubt else "day"), ""


def _day(text: str) -> date | None:
    for shape in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(text, shape).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
