"""The one way a file leaves: as a download that no browser runs or shows in the page."""

from collections.abc import Iterator
from urllib.parse import quote

from django.http import StreamingHttpResponse

from palermo.kernel.files.actions import Opened


def as_download(opened: Opened) -> StreamingHttpResponse:
    """Never inline, never sniffed, without rights of its own, never kept by a cache. Needs no query after commit."""
    response = StreamingHttpResponse(_bytes(opened.pieces), content_type=opened.media_type)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in opened.name)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(opened.name)}"
    )
    response["Content-Length"] = str(opened.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response


def _bytes(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield from pieces
