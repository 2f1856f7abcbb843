"""The body of a submission, read in memory within our own limits, with a length or in pieces (chunked)."""

from io import BytesIO
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from palermo.rooms.observatory.actions import Sent

MOST_BODY = 40_000_000  # told to the clients, who split what is longer
PART = "xml_submission_file"
AT_ONCE = 1 << 20


class Unfit(Exception):
    """The body cannot be taken; with the status that says why."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class _InMemory(MemoryFileUploadHandler):
    """Files stay in memory, whatever their size: the body as a whole was measured."""

    def handle_raw_input(self, *_args: Any, **_named: Any) -> None:
        self.activated = True


def read_parts(request: HttpRequest) -> tuple[bytes, list[Sent]]:
    """The XML and the files beside it. Raises Unfit."""
    if request.content_type != "multipart/form-data":
        raise Unfit(400, "A record comes as multipart/form-data.")
    body = _body(request)
    meta = {**request.META, "CONTENT_LENGTH": len(body)}
    try:
        fields, files = MultiPartParser(meta, BytesIO(body), [_InMemory(request)], "utf-8").parse()
    except (TooManyFilesSent, TooManyFieldsSent, RequestDataTooBig):
        raise Unfit(413, "Too many parts at once. Send at most 100 files together.") from None
    except (MultiPartParserError, BadRequest, ValueError):
        raise Unfit(400, "The body cannot be read as multipart/form-data.") from None
    given = files.get(PART)
    text = fields.get(PART)
    if given is None and text is None:
        raise Unfit(400, "The part xml_submission_file is missing.")
    xml = given.read() if given is not None else str(text).encode()
    sent = [
        Sent(one.name or name, one.read()) for name, kept in files.lists() if name != PART for one in kept
    ]
    return xml, sent


def _body(request: HttpRequest) -> bytes:
    told = request.META.get("CONTENT_LENGTH") or ""
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    if told.isdigit() and int(told) > MOST_BODY:
        raise Unfit(413, f"At most {MOST_BODY} bytes at once.")
    # Django takes a body without a length for an empty one; the web server marks the end of one in pieces.
    ended = request.META.get("wsgi.input_terminated")
    source: Any = request.META["wsgi.input"] if chunked and ended else request
    pieces, size = [], 0
    try:
        while piece := source.read(AT_ONCE):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BODY:
                raise Unfit(413, f"At most {MOST_BODY} bytes at once.")
    except (OSError, UnreadablePostError):
        raise Unfit(400, "The body was cut off.") from None
    # A line that breaks ends the body early; half a picture would be taken for the whole one.
    if told.isdigit() and not chunked and size < int(told):
        raise Unfit(400, "The body was cut off.")
    return b"".join(pieces)
