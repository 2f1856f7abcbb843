"""A file of unknown make, read as lines of text in constant memory, or refused in a sentence.

Only UTF-8 (with or without a byte order mark) and UTF-16 with its mark are read. Nothing is guessed: a file
that was silently read as Latin-1 gives wrong names of countries that nobody finds again.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from palermo.kernel.imports.problems import Problem, Unreadable

LONGEST_LINE = 200_000  # characters; a CTDC line has about 150, the widest list known to us about 4,000

# First bytes of files that are often renamed to .csv. Source: the formats' own specifications.
_MAGIC = (
    (
        b"PK\x03\x04",
        "a ZIP archive or a spreadsheet (.xlsx, .ods); open it and save the sheet as CSV UTF-8",
    ),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel or Word file; open it and save the sheet as CSV UTF-8",
    ),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"age-encryption.org", "an age-encrypted file; decrypt it first"),
)


class _Hashing(io.RawIOBase):
    """The raw file; every byte that passes goes into the SHA-256 on the way."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.sha256 = hashlib.sha256()
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        got = self._raw.readinto(buffer)  # type: ignore[attr-defined]
        self.sha256.update(buffer[:got])
        self.position += got
        return int(got)


def _fault(row: int, rule: str, value: str = "") -> Unreadable:
    return Unreadable([Problem(row, "", value, rule)])


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes of a file show; raises `Unreadable` for what is not text."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise _fault(0, f"the file is not CSV but {name}")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in head:
        raise _fault(
            0,
            "the file holds NUL bytes: it is binary, or UTF-16 without its byte order mark",
        )
    return "utf-8-sig" if head.startswith(b"\xef\xbb\xbf") else "utf-8"


class TextLines:
    """Iterate over the lines of `path`. `sha256` and `position` (bytes) grow as the file is read.

    Raises `Unreadable` with the line's number for wrong bytes, NUL and lines over `LONGEST_LINE`.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise _fault(0, "there is no such file, or it is not an ordinary file", path.name)
        self.size = path.stat().st_size
        if self.size == 0:
            raise _fault(0, "the file is empty")
        self._file = path.open("rb", buffering=0)
        self.encoding = encoding_of(self._file.read(4096))
        self._file.seek(0)
        self._hashing = _Hashing(self._file)
        self._buffer = io.BufferedReader(self._hashing, 1 << 18)
        self.line = 0

    @property
    def position(self) -> int:
        return self._hashing.position

    def digest(self) -> str:
        """The SHA-256 of the whole file; reads what is left of it."""
        while self._buffer.read(1 << 18):
            pass
        return self._hashing.sha256.hexdigest()

    def close(self) -> None:
        self._buffer.close()
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        source = self._utf16() if self.encoding == "utf-16" else self._utf8()
        for text in source:
            self.line += 1
            if "\0" in text:
                raise _fault(self.line, "the line holds a NUL character")
            if len(text) > LONGEST_LINE:
                raise _fault(
                    self.line,
                    f"the line is longer than {LONGEST_LINE} characters",
                    text[:40],
                )
            yield text

    def _utf8(self) -> Iterator[str]:
        first = True
        for raw in iter(lambda: self._buffer.readline(LONGEST_LINE + 1), b""):
            if first:
                first, raw = False, raw.removeprefix(b"\xef\xbb\xbf")
            try:
                yield raw.decode("utf-8")
            except UnicodeDecodeError as error:
                wrong = f"byte 0x{raw[error.start]:02X}"
                rule = "the file is not UTF-8 (nor UTF-16 with a byte order mark); save it as CSV UTF-8"
                raise _fault(self.line + 1, rule, wrong) from None

    def _utf16(self) -> Iterator[str]:
        text = io.TextIOWrapper(self._buffer, encoding="utf-16", newline="")
        try:
            yield from iter(lambda: text.readline(LONGEST_LINE + 1), "")
        except UnicodeError:
            raise _fault(
                self.line + 1,
                "near this line the file is not UTF-16; save it as CSV UTF-8",
            ) from None
