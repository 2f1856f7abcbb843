"""Step-up: how long ago the person last proved with a second factor who he is."""

from django.http import HttpRequest

from palermo.kernel.access.second_factor import recent, strong_records


def is_fresh(request: HttpRequest, seconds: int) -> bool:
    """Whether a second factor of this session is at most `seconds` old. A password never is one."""
    return recent(strong_records(request), seconds)
