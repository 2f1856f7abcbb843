"""Write the generated pages of docs/reference: commands, permissions, workflows. `--check` only compares.

The docs test calls `pages()` and fails when a committed page is not what the code says today.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
HEAD = "<!-- Written by `make docs`; do not edit. -->\n\n"


def commands() -> str:
    """Every subcommand with its help, arguments and options, from the command line itself."""
    import typer

    from palermo.cli import app

    root = typer.main.get_command(app)
    lines = ["# Commands\n", str(root.help or "").strip(), ""]

    def describe(name: str, command: object) -> None:
        inner = getattr(command, "commands", None)
        if inner:
            for child, nested in sorted(inner.items()):
                describe(f"{name} {child}", nested)
            return
        if getattr(command, "hidden", False):
            return
        lines.extend([f"## {name}\n", str(getattr(command, "help", "") or "").strip(), ""])
        for parameter in getattr(command, "params", ()):
            if parameter.name == "help":
                continue
            shown = ", ".join(f"`{o}`" for o in parameter.opts)
            lines.append(f"- {shown}: {getattr(parameter, 'help', '') or parameter.name}")
        lines.append("")

    describe("palermo", root)
    return "\n".join(lines)


def permissions() -> str:
    """Every permission: who may."""
    from palermo.kernel.access.permissions import registry

    lines = [
        "# Permissions\n",
        "Default deny. A permission with a grant also needs a live grant on the record.\n",
    ]
    lines += ["| code | roles | grant | also |", "|---|---|---|---|"]
    for code, p in sorted(registry().items()):
        also = [
            word
            for word, on in (
                ("everybody", p.public), ("signed in", p.signed_in),
                ("command line", p.operator), ("step-up", p.step_up),
            )
            if on
        ]  # fmt: skip
        lines.append(f"| `{code}` | {', '.join(sorted(p.roles))} | {p.grant} | {', '.join(also)} |")
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands, "permissions.md": permissions}


def pages() -> dict[Path, str]:
    """What each generated page should say now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.settings")
    import django

    django.setup()
    return {REFERENCE / name: HEAD + make() for name, make in PAGES.items()}


def main() -> None:
    wrong = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if "--check" in sys.argv:
        if wrong:
            raise SystemExit("Run `make docs`: " + ", ".join(p.name for p in wrong))
        return
    for path, text in pages().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
