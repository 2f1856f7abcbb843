"""Public pages: who is bound on a day, and what changed."""

from palermo.rooms.treaties.views.days import changed, remarks, sheet_json, years
from palermo.rooms.treaties.views.standing import actions_csv, public, sheet, state

__all__ = ["actions_csv", "changed", "public", "remarks", "sheet", "sheet_json", "state", "years"]
