"""`palermo link FILE...` beside `palermo link invent ...`: a group whose first word may be a file."""

from __future__ import annotations

from typing import Any

import typer.core

FILES = "files"


class FilesOrCommand(typer.core.TyperGroup):
    """A word that is none of its commands, or an option, begins the command for files."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and FILES in self.commands:
            args = [FILES, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == FILES else name), command, rest
