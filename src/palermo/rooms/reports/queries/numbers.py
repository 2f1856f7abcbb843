"""Numbers in words of the report that stand in none of its tables: for those who review it, not a refusal.

A rapporteur writes "312 victims"; nobody knows by looking whether 312 was ever released. What is found here was not,
or is of another source: a year, a law, a page.
"""

import re
from collections.abc import Iterator
from typing import Any

from palermo.rooms.reports.models import Report

NUMBER = re.compile(r"\d+(?:[\s.,\u00a0\u202f]\d{3})*(?:[.,]\d+)?")
ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def strange_numbers(report: Report) -> list[str]:
    """Numbers in the submitted words that no table of the report holds, in their order; years are left out."""
    found: dict[str, None] = {}
    for told in report.content.values():
        known = {_plain(text) for text in _figures(told["blocks"])}
        for text in _words(told["blocks"]):
            for match in NUMBER.findall(text.translate(ARABIC)):
                if _plain(match) not in known and not _year(match):
                    found[match] = None
    return list(found)


def _plain(text: str) -> str:
    return re.sub(r"[^\d]", "", text.translate(ARABIC))


def _year(text: str) -> bool:
    return text.isdigit() and (len(text) == 4 and text[:2] in ("19", "20"))


def _figures(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["kind"] == "table":
            yield from (text for row in block["rows"] for text, _status in row)


def _words(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for block in blocks:
        if block["kind"] == "text":
            yield block["text"]
        elif block["kind"] == "points":
            yield from block["texts"]
        elif block["kind"] == "advice":
            yield from (part for row in block["rows"] for part in (row[0], row[2]))
