"""What the register tells: counts, and single persons without identity."""

from palermo.rooms.register.queries.tally import BY, drift, flag_tally, justice_tally, tally

__all__ = ["BY", "drift", "flag_tally", "justice_tally", "tally"]
