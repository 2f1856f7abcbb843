"""What stands near a query in meaning."""


def nearest(query: str, language: str, limit: int) -> tuple[str, list[tuple[str, str]]]:
    """Whether meaning is searched, and (room, key) of what stands nearest."""
    return "absent", []
