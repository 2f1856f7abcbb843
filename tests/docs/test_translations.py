"""French and Arabic are complete: every string that a screen can show is gathered, translated, and keeps its places."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import template

LOCALE = Path(__file__).resolve().parents[2] / "src" / "palermo" / "locale"
SOURCE = LOCALE.parent
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "N_"}
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]")


@pytest.fixture(params=["fr", "ar"])
def catalogue(request):
    return polib.pofile(str(LOCALE / request.param / "LC_MESSAGES" / "django.po"))


def test_every_string_is_translated(catalogue):
    missing = [e.msgid for e in catalogue if not e.translated() or e.obsolete or "fuzzy" in e.flags]
    assert missing == []


def test_every_placeholder_is_kept(catalogue):
    wrong = []
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACES.findall(entry.msgid_plural or entry.msgid))
        for text in texts:
            # A plural form may say "one" in words; nothing may be named that is not given.
            kept = set(PLACES.findall(text))
            if not kept <= wanted or (not entry.msgid_plural and kept != wanted):
                wrong.append(entry.msgid)
    assert wrong == []


def test_every_string_of_the_templates_is_gathered(catalogue):
    known = {entry.msgid for entry in catalogue}
    missing = set()
    for path in SOURCE.rglob("templates/**/*.html"):
        found = template.templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for quoted in re.findall(r"gettext\((u?)(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\)", found):
            text = (
                (quoted[1] or quoted[2])
                .encode()
                .decode("unicode_escape")
                .encode("latin-1", "ignore")
                .decode("utf-8", "ignore")
            )
            if text.isascii() and text not in known:
                missing.add(f"{path.name}: {text}")
    assert sorted(missing) == []


def spoken(path):
    """The strings that a Python file hands to gettext."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT
        first = node.args[0] if called and node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def test_every_string_of_the_code_is_gathered(catalogue):
    known = {entry.msgid for entry in catalogue}
    files = [p for p in SOURCE.rglob("*.py") if "tests" not in p.parts]
    said = {text for path in files for text in spoken(path)}
    assert len(said) > 500
    assert sorted(said - known) == []


def test_gettext_goes_by_its_own_names():
    """Under another name its strings would not be gathered, and nobody would miss them."""
    renamed = re.compile(r"import n?p?gettext(_lazy)? as (?!_\b)")
    assert [p.name for p in SOURCE.rglob("*.py") if renamed.search(p.read_text(encoding="utf-8"))] == []
