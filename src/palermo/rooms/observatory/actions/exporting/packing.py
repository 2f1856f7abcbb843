"""A zip as a stream: written once from front to back, never whole in memory and never in clear on the disk."""

import io
import zipfile
from collections.abc import Iterable, Iterator

AT_ONCE = 1 << 16


class _Drain(io.RawIOBase):
    """Takes what the zip writes and gives it away; it cannot go back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, given: object) -> int:
        piece = bytes(given)  # type: ignore[call-overload]
        self._held += piece
        return len(piece)

    def take(self) -> bytes:
        found = bytes(self._held)
        self._held.clear()
        return found

    def __len__(self) -> int:
        return len(self._held)


def zipped(entries: Iterable[tuple[str, Iterable[bytes]]], *, large: bool = True) -> Iterator[bytes]:
    """The zip of named entries, piece by piece. large: entries may grow beyond 4 GB (not in workbooks)."""
    drain = _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, pieces in entries:
            about = zipfile.ZipInfo(name)  # without a time: the same answers give the same bytes
            about.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(about, "w", force_zip64=large) as entry:
                for piece in pieces:
                    entry.write(piece)
                    if len(drain) >= AT_ONCE:
                        yield drain.take()
    yield drain.take()
