"""Is the data sound? Every promise the loader makes about the files, checked at once.

Run by a test; `check()` returns sentences, none when all is well.
"""

from collections import Counter

from palermo.standards.codes import COLUMNS, VERIFIED, codelist, lists, scheme_of, schemes
from palermo.standards.countries import LANGUAGES, countries, fold, regions, written_names
from palermo.standards.mappings import RELATIONS, mapping, pairs
from palermo.standards.read import data_rows

CATEGORY_KINDS = frozenset({"nationals", "abroad", "total", "unknown", "stateless", "group"})
NAME_KINDS = frozenset({"alias", "foreign", "demonym", "misspelling", "mojibake"}) | CATEGORY_KINDS
# Lists that a screen shows must be readable in the three languages of the house.
SHOWN = ("palermo/", "ic-tip/act", "ic-tip/means", "ic-tip/purpose", "ilo-", "country-m49/", "iccs-2015",
         "glotip/sex", "glotip/age", "glotip/form", "glotip/indicator", "glotip/dimension", "glotip/category",
         "htcds-2.0/prs_", "htcds-2.0/vic_Type", "htcds-2.0/vic_MethodsOfControl")  # fmt: skip


def check() -> list[str]:
    """Every problem found in the package's data."""
    return [*_files(), *_lists(), *_mappings(), *_countries()]


def _files() -> list[str]:
    found = []
    for name in dict.fromkeys(f for s in schemes().values() for f in s.files):
        rows = data_rows(name)
        for column in COLUMNS:
            if column not in rows[0]:
                found.append(f"{name}: column {column} is missing")
        seen = Counter((r["scheme"], r["code"]) for r in rows)
        found += [f"{name}: {k[0]} {k[1]} occurs {n} times" for k, n in seen.items() if n > 1]
        headless = sorted(i for i in {r["scheme"] for r in rows} if not _has_head(i))
        found += [f"{name}: list {i} has no scheme header" for i in headless]
    return found


def _has_head(list_id: str) -> bool:
    return list_id.split("/", 1)[0] in schemes()


def _lists() -> list[str]:
    found = []
    for i in lists():
        codes = codelist(i)
        shown = i.startswith(SHOWN)
        orders = Counter(c.order for c in codes)
        found += [f"{i}: order {o} is used {n} times" for o, n in orders.items() if n > 1]
        for c in codes:
            where = f"{i} {c.code}"
            if not c.code or c.code != c.code.strip() or not c.labels.get("en"):
                found.append(f"{where}: code or English label is empty or has blanks around it")
            if c.verified not in VERIFIED:
                found.append(f"{where}: verified is “{c.verified}”")
            if not c.version or not c.source:
                found.append(f"{where}: version or source is missing")
            if shown and not (c.labels.get("fr") and c.labels.get("ar")):
                found.append(f"{where}: shown on a screen, but has no French or Arabic label")
            if any("\ufffd" in v or "Ã" in v for v in (*c.labels.values(), c.definition)):
                found.append(f"{where}: broken encoding")
            if c.parent and not _parent_known(i, c.parent):
                found.append(f"{where}: parent “{c.parent}” does not exist")
    return found


def _parent_known(list_id: str, parent: str) -> bool:
    if list_id == "htcds-2.0/fields":  # the parent is the section heading
        return True
    other = {"country-m49/country": "country-m49/region", "ilo-2009/indicator": "ilo-2009/dimension"}
    return parent in codelist(other.get(list_id, list_id))


def _mappings() -> list[str]:
    found = []
    for source, target in pairs():
        for end in (source, target):
            if end not in lists():
                found.append(f"mapping {source} -> {target}: no list {end}")
        if source not in lists() or target not in lists():
            continue
        seen: Counter[tuple[str, str]] = Counter()
        for link in mapping(source, target):
            where = f"mapping {source} {link.from_code} -> {target} {link.to_code}"
            seen[link.from_code, link.to_code] += 1
            if link.from_code not in codelist(source) or link.to_code not in codelist(target):
                found.append(f"{where}: a code does not exist")
            if link.relation not in RELATIONS or link.verified not in VERIFIED:
                found.append(f"{where}: relation “{link.relation}” or verified “{link.verified}” is wrong")
        twice = [pair for pair, n in seen.items() if n > 1]
        found += [f"mapping {source} {a} -> {target} {b}: written more than once" for a, b in twice]
    return found


def _countries() -> list[str]:
    found = []
    for key in ("alpha2", "m49"):
        seen = Counter(getattr(c, key) for c in countries().values() if getattr(c, key))
        found += [f"countries: {key} {v} is used {n} times" for v, n in seen.items() if n > 1]
    for c in countries().values():
        if len(c.alpha3) != 3 or len(c.alpha2) != 2 or set(LANGUAGES) - set(c.names):
            found.append(f"countries: {c.alpha3}: a code or one of the six names is missing")
        absent = [r for r in (c.region, c.subregion) if r and r not in regions()]
        found += [f"countries: {c.alpha3}: no region {r}" for r in absent]
    names: dict[str, str] = {}
    for row in data_rows("country-names.csv"):
        name, target, kind = row["name"], row["code"], row["kind"]
        known = target == kind if kind in CATEGORY_KINDS else target in countries()
        if kind not in NAME_KINDS or not known:
            found.append(f"country names: {name}: kind “{kind}” or code “{target}” is wrong")
        if written_names()[fold(name)][0] != target or names.setdefault(fold(name), target) != target:
            found.append(f"country names: {name} reads as {target} and as {written_names()[fold(name)][0]}")
    found += [f"{i}: no such scheme" for i in lists() if scheme_of(i).id not in schemes()]
    return found
