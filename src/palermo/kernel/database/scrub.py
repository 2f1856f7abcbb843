"""Keeps what people typed out of the logs: database errors carry whole rows in their detail."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

_DETAIL = re.compile(r"(DETAIL|CONTEXT|HINT):.*", re.DOTALL)


def place_of(error: BaseException) -> str:
    """Where an exception was raised: the last six functions and lines, and nothing of what they were called with."""
    trail = []
    traceback = error.__traceback__
    while traceback is not None:
        trail.append(f"{traceback.tb_frame.f_code.co_name}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " > ".join(trail[-6:])


class ScrubFilter(logging.Filter):
    """Cuts PostgreSQL's DETAIL and CONTEXT, and drops the exception's own text for database errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _DETAIL.sub(r"\1: (left out)", record.getMessage())
        record.args = ()
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            # The type and the place are enough to find a fault; the message may quote a person.
            record.msg = f"{record.msg} [{type(error).__name__} at {place_of(error)}]"
            record.exc_info = None
            record.exc_text = None
        return True


class ServerLogger(Logger):  # type: ignore[misc]
    """The application server's log, through the same filter: its tracebacks quote messages as well."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.addFilter(ScrubFilter())
