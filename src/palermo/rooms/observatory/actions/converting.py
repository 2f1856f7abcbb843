"""From an XLSForm to the XML that devices get, judged by the engine that reads it there. Fails closed."""

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pyxform.errors import PyXFormError
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2xform import convert

from palermo.kernel.errors import DomainError, FieldProblem, Invalid
from palermo.rooms.observatory.actions.keys import fingerprint_of
from palermo.rooms.observatory.actions.schema import read_schema

MOST_SOURCE, MOST_XML, SECONDS = 5_000_000, 5_000_000, 60
MOST_UNPACKED = 100_000_000
KINDS = ("xlsx", "md")
# Of a trace the lines that say something: what JavaRosa found, and where in the form.
_CAUSE = re.compile(r"^(?:Caused by: )?[\w.$]*(?:Exception|Error)\b:?\s*(.*)$")


class NoValidator(DomainError):
    """There is no engine here that could judge a form, so none is published."""

    status = 503


@dataclass(frozen=True, slots=True)
class Converted:
    """A form that was converted and judged. validator: which engine judged it."""

    xml: bytes
    schema: dict[str, Any]
    warnings: tuple[str, ...]
    validator: str


def converted(source: bytes, kind: str) -> Converted:
    """The XML of an XLSForm. Raises Invalid with what the converter or the validator says, NoValidator without one."""
    if len(source) > MOST_SOURCE:
        raise _refused(_("The file is larger than 5 MB."), "size")
    if kind not in KINDS or (kind == "xlsx" and not source.startswith(b"PK")):
        raise _refused(_("Upload the XLSForm as an .xlsx file."), "type")
    if kind == "xlsx" and _unpacked(source) > MOST_UNPACKED:
        raise _refused(_("The file cannot be read as a workbook."), "workbook")
    try:
        given = source.decode("utf-8") if kind == "md" else io.BytesIO(source)
        found = convert(xlsform=given, file_type=f".{kind}", validate=False, warnings=[])
    except PyXFormError as error:
        raise _refused(str(error), "xlsform") from None
    except Exception:  # a broken workbook raises whatever the spreadsheet reader stumbles over
        raise _refused(_("The file cannot be read as a workbook."), "workbook") from None
    xml = str(found.xform).encode("utf-8")
    if len(xml) > MOST_XML:
        raise _refused(_("The form is larger than 5 MB."), "size")
    engine = validate(xml)
    try:
        schema = read_schema(xml)
    except ValueError:
        raise _refused(_("The form has no questions that can be read."), "schema") from None
    if schema["encrypted"] and not fingerprint_of(schema["key"]):
        words = _(
            "The form's public_key is no RSA key of at least 2048 bits, in base64 and without its first and last line."
        )
        raise _refused(words, "encrypted")
    return Converted(xml, schema, tuple(str(one) for one in found.warnings), engine)


def _unpacked(source: bytes) -> int:
    """What a workbook says it unpacks to: a few kilobytes can be gigabytes. What is no archive is infinitely much."""
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            return sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return MOST_UNPACKED + 1


@cache
def java() -> str:
    """The Java of this machine; empty without one."""
    return shutil.which("java") or ""


def validate(xml: bytes) -> str:
    """Let ODK Validate read the form, as JavaRosa reads it on the device. Returns what judged it."""
    program = java()
    if not program or not Path(ODK_VALIDATE_PATH).exists():
        words = _(
            "Forms cannot be judged here: ODK Validate needs a Java runtime on the server. Nothing is published."
        )
        raise NoValidator(words, rule="observatory.form.validator")
    with tempfile.TemporaryDirectory(prefix="palermo-form-") as folder:
        path = Path(folder) / "form.xml"
        path.write_bytes(xml)
        command = [program, "-Xmx256m", "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, str(path)]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
                cwd=folder,
                errors="replace",
            )
        except subprocess.TimeoutExpired:
            raise _refused(_("The validator did not come to an end within a minute."), "validator") from None
    if done.returncode != 0:
        raise _refused(_sentence(done.stderr), "validator")
    return "ODK Validate"


def _sentence(trace: str) -> str:
    """What the validator says, without the machinery: the last cause and the line after it."""
    lines = [line.rstrip() for line in trace.splitlines() if not line.lstrip().startswith(("at ", "... "))]
    said: list[str] = []
    for place, line in enumerate(lines):
        cause = _CAUSE.match(line.strip())
        if cause:
            following = lines[place + 1].strip() if place + 1 < len(lines) else ""
            said = [cause.group(1), following if not _CAUSE.match(following) else ""]
    words = " ".join(part for part in said if part and not part.startswith("The following files")).strip()
    return (words or " ".join(line for line in lines if line.strip())[-300:] or _("The form is not valid."))[
        :600
    ]


def _refused(words: str, rule: str) -> Invalid:
    problem = FieldProblem("file", words, rule)
    return Invalid(_("The form was not taken."), problems=[problem], rule=f"observatory.form.{rule}")
