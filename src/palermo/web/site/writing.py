"""From the public pages to a folder: every page in every language, every file, what they load, and a list of it all."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import override

from palermo.kernel.errors import DomainError
from palermo.web.site import assets, places
from palermo.web.site.asking import Answer
from palermo.web.site.crawl import GONE, crawl
from palermo.web.site.rewriting import LANGUAGE, POLICY, rewritten

MANIFEST = "manifest.json"

Step = Callable[[float, str], None]


class Unfit(DomainError):
    """The folder cannot be written to without losing what is in it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. `missing`: addresses that a page led to and that did not answer."""

    languages: tuple[str, ...]
    pages: int
    files: int
    bytes: int
    missing: tuple[str, ...]


@dataclass
class _Folder:
    """The folder while it grows: what is in it, with its fingerprint."""

    at: Path
    written: dict[str, str] = field(default_factory=dict)
    bytes: int = 0

    def write(self, name: str, body: bytes) -> None:
        target = self.at / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        self.written[name] = hashlib.sha256(body).hexdigest()
        self.bytes += len(body)


def export(folder: Path, *, address: str = "", live: str = "", step: Step | None = None) -> Exported:
    """Write the public site into `folder`: all of it or nothing; an earlier export there is replaced.

    address: where it will be served from, as printed in citations. live: where palermo itself answers, for links to
    what cannot be a file (help without a name); without it they are words.

    Raises Unfit where the folder holds something else.
    """
    folder = folder.resolve()
    _look(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    growing = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        growing.chmod(0o755)
        done = _filled(_Folder(growing), address, live.rstrip("/"), step or (lambda _share, _doing: None))
        _replace(folder, growing)
    except BaseException:
        shutil.rmtree(growing, ignore_errors=True)
        raise
    return done


def _filled(folder: _Folder, address: str, live: str, step: Step) -> Exported:
    begins, names = places.starts(), dict(settings.LANGUAGES)
    found: dict[str, dict[str, Answer]] = {}
    for number, language in enumerate(names):

        def told(done: int, of: int, begin: int = number, language: str = language) -> None:
            step((begin + done / max(of, 1)) / len(names), language)

        found[language] = crawl(language, begins, told)
    where = {language: _places(language, answers) for language, answers in found.items()}
    loaded: set[str] = set()
    pages = 0
    for language, answers in found.items():
        for at, file in where[language].items():
            answer = answers[at]
            if answer.is_page:
                pages += 1
                leads = _leads(file, at, language, where, loaded, live)
                folder.write(file, rewritten(answer.body.decode(), at, leads, address).encode())
            else:
                folder.write(file, answer.body)
    folder.write("index.html", _front(where, loaded).encode())
    for name, body in assets.gathered(loaded):
        folder.write(name, body)
    missing = {
        at for answers in found.values() for at, answer in answers.items() if answer.status not in (200, GONE)
    }
    files = {"made": now().isoformat(timespec="seconds"), "files": dict(sorted(folder.written.items()))}
    (folder.at / MANIFEST).write_text(json.dumps(files, indent=1) + "\n", encoding="utf-8")
    return Exported(tuple(names), pages, len(folder.written) + 1, folder.bytes, tuple(sorted(missing)))


def _places(language: str, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Each address that answered -> its file."""
    return {
        at: places.kept(language, at, answer.name) if answer.name else places.page(language, at)
        for at, answer in answers.items()
        if answer.status in (200, GONE)
    }


def _leads(
    file: str,
    at: str,
    language: str,
    where: Mapping[str, Mapping[str, str]],
    loaded: set[str],
    live: str = "",
) -> Callable[[str], str | None]:
    """How the links of one page are written: to files of its language, to itself in others, to what it loads."""

    def leads(link: str) -> str | None:
        if link.startswith(LANGUAGE):
            theirs = where[link.removeprefix(LANGUAGE)]
            return places.between(file, theirs.get(at) or next(iter(theirs.values())))
        path, mark, place = link.partition("#")
        if places.is_asset(path):
            loaded.add(path)
            return places.between(file, places.asset(path))
        target = where[language].get(places.normal(path))
        if target is None:
            return f"{live}{link}" if live else None
        return places.between(file, target) + mark + place

    return leads


def _front(where: Mapping[str, Mapping[str, str]], loaded: set[str]) -> str:
    """The first file: the languages, each leading to its own first page."""
    doors = [(code, next(iter(files.values()))) for code, files in where.items() if files]
    with override(settings.LANGUAGE_CODE):
        text = render_to_string("web/site_front.html", {"doors": doors, "policy": POLICY})
    return rewritten(text, "/", _leads("index.html", "/", settings.LANGUAGE_CODE, where, loaded), "")


def _look(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise Unfit(f"{folder.name} is a file, not a folder.", rule="site.folder")
    if any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        told = (
            f"The folder {folder.name} holds something that is not an export. Name a new or an empty folder."
        )
        raise Unfit(told, rule="site.folder")


def _replace(folder: Path, growing: Path) -> None:
    """The new folder takes the place of the old one, which is gone only when the new one stands."""
    if not folder.exists():
        growing.rename(folder)
        return
    old = growing.with_name(growing.name + "-old")
    folder.rename(old)
    growing.rename(folder)
    shutil.rmtree(old)
