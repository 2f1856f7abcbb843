"""Wrong proofs, counted by account and address. Nobody is locked out by it: a right proof opens at any count.

A secret of 384 bits is not guessed; what the count is for is that somebody is told, and that a client which tries
without end gets no new challenge. It is kept in the memory of each process.
"""

import logging
import re
import threading
import time
from collections import OrderedDict

MOST_WRONG, SECONDS, MOST_KEPT = 20, 600, 5000
logger = logging.getLogger(__name__)
_wrong: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()
_lock = threading.Lock()
_NAME = re.compile(r'username="([^"]{0,60})"')


def one_too_many(header: str, address: str) -> bool:
    """Count one wrong proof. True from the twenty-first of an account and address within ten minutes."""
    named = _NAME.search(header)
    now, key = time.monotonic(), (named.group(1) if named else header[:90], address)
    with _lock:
        count, began = _wrong.pop(key, (0, now))
        if now - began > SECONDS:
            count, began = 0, now
        _wrong[key] = (count := count + 1, began)
        while len(_wrong) > MOST_KEPT:
            _wrong.popitem(last=False)
    if count == MOST_WRONG:
        logger.warning("A device account was tried %s times with a wrong proof from one address.", count)
    return count > MOST_WRONG
