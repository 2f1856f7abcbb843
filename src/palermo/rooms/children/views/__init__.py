"""Pages about children in protection."""

from palermo.rooms.children.views.child import of_case, paper
from palermo.rooms.children.views.lists import child_list, figures
from palermo.rooms.children.views.work import record, reveal, step

__all__ = ["child_list", "figures", "of_case", "paper", "record", "reveal", "step"]
