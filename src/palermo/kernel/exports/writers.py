"""Files as bytes: CSV that no spreadsheet executes, XLSX without formulas, JSON, SDMX-CSV 2.0.

A cell that begins with = + - @ or a control character is run as a formula by spreadsheet programs when a CSV
file is opened (CWE-1236). Such text gets an apostrophe in front; numbers are written as numbers.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
EVERY = 1_000  # rows between two reports of progress
Row = Mapping[str, Any]
Progress = Callable[[int], None]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "hxl": "text/csv; charset=utf-8",
    "sdmx": "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "zip": "application/zip",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def safe(value: Any) -> Any:
    """The value as a cell of a CSV file: text that a spreadsheet would run is made text again."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS[:4]) else text


def csv_bytes(rows: Iterable[Row], columns: Sequence[str], progress: Progress | None = None) -> bytes:
    """UTF-8 with a byte order mark (spreadsheets read it as UTF-8 only then), lines ended by CR LF."""
    return _csv(rows, columns, progress, mark="\ufeff")


def hxl_bytes(rows: Iterable[Row], tags: Mapping[str, str]) -> bytes:
    """CSV with the HXL tag of each column (`tags`) below its name: fixed words of ours, and "#" is no formula."""
    return csv_bytes([tags, *rows], tuple(tags))


def _csv(rows: Iterable[Row], columns: Sequence[str], progress: Progress | None, mark: str) -> bytes:
    out = io.StringIO(mark, newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow([safe(column) for column in columns])
    for row in _counted(rows, progress):
        writer.writerow([safe(row.get(column)) for column in columns])
    return out.getvalue().encode()


def _counted(rows: Iterable[Row], progress: Progress | None) -> Iterable[Row]:
    for number, row in enumerate(rows, start=1):
        yield row
        if progress and number % EVERY == 0:
            progress(number)


def json_bytes(content: Any) -> bytes:
    """JSON, indented for people; dates as ISO 8601; not-a-number is an error rather than invalid JSON."""
    return (
        json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False, default=_plain) + "\n"
    ).encode()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def xlsx_bytes(
    rows: Iterable[Row], columns: Sequence[str], notes: Sequence[str] = (), progress: Progress | None = None
) -> bytes:
    """One sheet of figures and one of notes. Text stays text: no cell is ever a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("figures")
    sheet.append([_cell(sheet, column) for column in columns])
    for row in _counted(rows, progress):
        sheet.append([_cell(sheet, row.get(column)) for column in columns])
    about = book.create_sheet("notes")
    for note in notes:
        about.append([_cell(about, note)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    plain = value if value is None or isinstance(value, bool | int | float) else str(value)
    cell = WriteOnlyCell(sheet, plain)
    if isinstance(plain, str):
        cell.data_type = "s"  # never "f", whatever it begins with
    return cell


def sdmx_bytes(rows: Iterable[Row], dimensions: Sequence[str], structure: str) -> bytes:
    """SDMX-CSV 2.0: one observation a line. CONF_STATUS is F (free) or C (confidential, value absent).

    Primary and secondary suppression carry the same flag: to tell them apart tells which counts are small.
    """
    columns = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *map(str.upper, dimensions), "OBS_VALUE", "CONF_STATUS")
    head = {"STRUCTURE": "dataflow", "STRUCTURE_ID": structure, "ACTION": "I"}
    lines = (
        head
        | {name.upper(): row[name] for name in dimensions}
        | {"OBS_VALUE": row["value"], "CONF_STATUS": "C" if row["status"] == "withheld" else "F"}
        for row in rows
    )
    return _csv(lines, columns, None, mark="")


def encrypted(content: bytes, recipients: Sequence[str]) -> bytes:
    """The content as an age file that only the named recipients (age1...) can open."""
    import pyrage

    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    if not keys:
        raise ValueError("an encrypted file needs a recipient")
    return bytes(pyrage.encrypt(content, keys))


def write_atomically(path: Path, content: bytes) -> None:
    """All of the file or nothing of it, readable by its owner."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
