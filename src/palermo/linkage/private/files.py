"""The encoded file: the only thing that travels. One line of JSON, then the row numbers, then the filters.

    {"format": "palermo encoded list", "version": 3, "list": "police", "rows": 8000, ...}\\n
    rows x 8 bytes      opaque row numbers, little endian, rising
    rows x bits/8 bytes one filter each, little endian words, segment after segment

The rows stand in the order of their random numbers, so that nothing tells the order of the body's own list.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from palermo.linkage.private.parameters import VERSION, Parameters, Unusable, fields_of

FORMAT = "palermo encoded list"
LONGEST_HEADER = 1 << 16
MOST_ROWS = 100_000_000
Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One body's list without names. numbers: opaque, rising. filters: one row of 64-bit words per record."""

    name: str
    project: str
    parameters: Parameters
    key_fingerprint: str
    numbers: Words = field(repr=False)
    filters: Words = field(repr=False)

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def digest(self) -> str:
        """SHA-256 of numbers and filters."""
        return hashlib.sha256(_payload(self)).hexdigest()


def to_bytes(encoded: Encoded) -> bytes:
    header = {
        "format": FORMAT, "version": VERSION, "list": encoded.name, "project": encoded.project,
        "rows": len(encoded), "parameters": asdict(encoded.parameters),
        "parameter_fingerprint": encoded.parameters.fingerprint, "key_fingerprint": encoded.key_fingerprint,
        "sha256": encoded.digest,
    }  # fmt: skip
    return (
        json.dumps(header, ensure_ascii=False, separators=(", ", ": ")).encode() + b"\n" + _payload(encoded)
    )


def from_bytes(content: bytes) -> Encoded:
    """Raises Unusable for anything that is not a whole encoded file of this version."""
    line, end, payload = content[:LONGEST_HEADER].partition(b"\n")
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not end or not isinstance(header, dict) or header.get("format") != FORMAT:
        raise Unusable("this is not an encoded list; the body makes one with “palermo link encode”")
    if header.get("version") != VERSION:
        raise Unusable(
            f"an encoded list of version {header.get('version')}; this palermo reads version {VERSION}: the body "
            "encodes its list again, and all bodies with the same palermo"
        )
    try:
        parameters = _parameters(header["parameters"])
        rows, name = int(header["rows"]), str(header["list"])
        project, key, digest = (str(header[one]) for one in ("project", "key_fingerprint", "sha256"))
    except (KeyError, TypeError, ValueError):
        raise Unusable("this encoded list is damaged: its first line is not whole") from None
    payload = content[len(line) + 1 :]
    if not 0 <= rows <= MOST_ROWS or len(payload) != rows * (8 + parameters.bits // 8):
        raise Unusable("this encoded list is damaged: it is shorter or longer than its first line says")
    if hashlib.sha256(payload).hexdigest() != digest:
        raise Unusable("this encoded list is damaged: its check sum does not fit")
    numbers = np.frombuffer(payload, "<u8", rows).astype(np.uint64)
    filters = (
        np.frombuffer(payload, "<u8", offset=rows * 8).astype(np.uint64).reshape(rows, parameters.bits // 64)
    )
    return Encoded(name, project, parameters, key, numbers, filters)


def _payload(encoded: Encoded) -> bytes:
    return (
        encoded.numbers.astype("<u8").tobytes()
        + np.ascontiguousarray(encoded.filters).astype("<u8").tobytes()
    )


def _parameters(said: dict[str, Any]) -> Parameters:
    found = Parameters(
        fields_of(map(str, said["fields"])),
        int(said["bits"]),
        float(said["flips"]),
        int(said["most_rows"]),
        int(said["version"]),
    )
    if found.problems():
        raise ValueError(*found.problems())
    return found
