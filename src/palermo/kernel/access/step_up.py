"""Step-up: how long ago the person last proved who he is, from allauth's record in the session."""

import time
from typing import Any

from django.http import HttpRequest

SESSION_KEY = "account_authentication_methods"


def is_fresh(request: HttpRequest, seconds: int) -> bool:
    """Whether any authentication of this session is at most `seconds` old."""
    methods: list[dict[str, Any]] = request.session.get(SESSION_KEY, [])
    latest = max((float(m.get("at", 0)) for m in methods), default=0.0)
    return time.time() - latest <= seconds
