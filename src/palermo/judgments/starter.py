"""The landmark decisions that palermo ships, as records to bring in."""

import json
from importlib.resources import files
from typing import Any


def starter() -> list[dict[str, Any]]:
    """Every record of the collection; `verified_in_primary_source` says of each whether anybody has checked it."""
    found: list[dict[str, Any]] = json.loads(
        files("palermo.judgments").joinpath("starter.json").read_text("utf-8")
    )
    return found
