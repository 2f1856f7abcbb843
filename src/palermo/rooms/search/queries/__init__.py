"""What is read by the search: one question to every room, and what the vectors know."""

from palermo.rooms.search.queries.asking import SIZE, Chip, Found, Hit, search

__all__ = ["SIZE", "Chip", "Found", "Hit", "search"]
