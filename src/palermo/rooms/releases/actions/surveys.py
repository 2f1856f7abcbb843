"""Checks of a field study's indicators: what can be told from the published rows alone."""

from django.utils.translation import gettext_noop

from palermo.rooms.releases.actions.parts import Found
from palermo.web.releasable import Taken


def checked(taken: Taken) -> list[Found]:
    """Every count of people is a multiple of the threshold, so that no two of them differ by fewer."""
    counts = [row["persons"] for row in taken.rows if row["persons"] is not None]
    counts += [row["value"] for row in taken.rows if row["part"] == "legs" and row["value"] is not None]
    withheld = sum(row["value"] is None for row in taken.rows)
    if taken.threshold < 1 or any(count % taken.threshold for count in counts):
        return [Found("attack_alone", "block", gettext_noop("A count of people in it is not rounded."))]
    words = gettext_noop(
        "Counts of people are rounded to %(base)s, so no two of them differ by fewer. Of %(cells)s values %(withheld)s "
        "are withheld."
    )
    values = {"base": taken.threshold, "cells": len(taken.rows), "withheld": withheld}
    return [Found("attack_alone", "ok", words, values)]
