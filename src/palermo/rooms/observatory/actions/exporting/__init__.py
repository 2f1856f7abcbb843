"""Files of a form on their way out: asked for, made by the worker, handed to the asker, deleted in time."""

from palermo.rooms.observatory.actions.exporting.asking import ask_export, stop_export
from palermo.rooms.observatory.actions.exporting.handing import delete_expired, open_export, void_exports
from palermo.rooms.observatory.actions.exporting.making import carry_out_export

__all__ = [
    "ask_export",
    "carry_out_export",
    "delete_expired",
    "open_export",
    "stop_export",
    "void_exports",
]
