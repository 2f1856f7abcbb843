"""The door: bytes in, a receipt out. Whatever is wrong with them, the answer is the same."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from palermo.exchange import OUTWARD
from palermo.exchange.envelopes import LARGEST
from palermo.kernel.exchange.actions import hand_in
from palermo.kernel.exchange.posting import TYPE

logger = logging.getLogger(__name__)


def _door(request: HttpRequest) -> HttpResponse:
    """POST of an envelope. 200 with the receipt, 400 for anything refused, 503 where it may be tried again."""
    if request.method != "POST":
        return _said(405)
    data = request.read(LARGEST + 1)
    try:
        answer = hand_in(data)
    except Exception:  # the other side tries again; Django's own report would hold the request
        logger.exception("A letter was not kept.")
        response = _said(503)
        response.roll_back = True  # type: ignore[attr-defined]
        return response
    return _said(400) if answer is None else HttpResponse(answer, content_type=TYPE)


def _said(status: int) -> HttpResponse:
    response = HttpResponse(OUTWARD.encode(), status=status, content_type="text/plain")
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


door = csrf_exempt(never_cache(_door))
door.reads_own_body = True  # type: ignore[attr-defined]
