"""Translations: gather the strings (needs gettext on this machine), or compile them (needs nothing).

Beside Django's own markers, `phrase` and `phrases` are gathered: the sentences of `palermo.estimation`, which remember
their templates (saying.py).

python tools/messages.py            gather into src/palermo/locale/<language>/LC_MESSAGES/django.po
python tools/messages.py --compile  compile every django.po whose .mo is older
"""

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "palermo" / "locale"
LANGUAGES = ("fr", "ar")
# Django's own command, told of the markers of the libraries, which know no Django.
MAKEMESSAGES = """
import sys
from django.core.management import ManagementUtility
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, "--keyword=phrase", "--keyword=phrases:1,2"]
ManagementUtility(["django-admin", *sys.argv[1:]]).execute()
"""


def compile_all() -> None:
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def gather() -> None:
    """Run Django's own gatherer, then drop what changes at every run (dates, line numbers)."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "palermo.settings"}
    for language in LANGUAGES:
        (LOCALE / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-c",
        MAKEMESSAGES,
        "makemessages",
        "--no-wrap",
        "--add-location",
        "file",
        "--no-obsolete",
    ]
    for language in LANGUAGES:
        command += ["-l", language]
    subprocess.run(
        [*command, "--ignore", "tests/*"], cwd=ROOT / "src" / "palermo", env=environment, check=True
    )
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        entries = polib.pofile(str(path), wrapwidth=0)
        entries.metadata.pop("POT-Creation-Date", None)
        entries.metadata.pop("PO-Revision-Date", None)
        for entry in entries:
            if "fuzzy" in entry.flags:  # A guess is not a translation.
                entry.flags.remove("fuzzy")
                entry.msgstr = ""
                entry.msgstr_plural = {key: "" for key in entry.msgstr_plural}
        entries.save()


if __name__ == "__main__":
    compile_all() if "--compile" in sys.argv else gather()
