"""The docs fail the build when they lie."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_generated_pages_are_what_the_code_says():
    import reference

    assert [
        str(p.name) for p, text in reference.pages().items() if not p.exists() or p.read_text() != text
    ] == []


def test_every_setting_is_described():
    described = (ROOT / "docs/reference/settings.md").read_text()
    read = set()
    for path in [*(ROOT / "src/palermo").rglob("*.py"), ROOT / "conftest.py"]:
        if "tests" in path.parts:
            continue
        read |= set(re.findall(r"""["'](PALERMO_[A-Z_]+|DATABASE_URL[A-Z_]*)["']""", path.read_text()))
    code_only = {
        "PALERMO_VERSION",
        "PALERMO_CONTEXT_KEY",
    }  # settings of Django, not read from the environment
    assert sorted(name for name in read - code_only if f"`{name}`" not in described) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_resolve(page):
    broken = []
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists():
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize(
    "room", sorted(p.name for p in (ROOT / "src/palermo/rooms").iterdir() if (p / "apps.py").exists())
)
def test_every_room_has_its_page(room):
    assert (ROOT / "docs/rooms" / f"{room}.md").exists()


def test_the_repository_speaks_of_palermo_alone():
    """No path of a machine and no registry's address is in what is committed."""
    wrong = []
    for path in [
        *ROOT.glob("*.json"),
        *ROOT.glob("*.toml"),
        *(ROOT / "requirements").glob("*"),
        *(ROOT / "docs").rglob("*.md"),
    ]:
        text = path.read_text()
        if (
            "/work/" in text
            or "registry.npmjs" in text
            or "pypi.org/simple" in text
            or "--index-url http" in text
        ):
            wrong.append(path.name)
    assert wrong == []
