"""What stands in a file, page by page; and a Word file without what it tells beside its content.

Run as a program (`python -m palermo.papers.texts TYPE`, the file on standard input, JSON on standard output) it takes
little memory and can be ended: a file of a stranger must not keep a worker busy for ever. `pages_of` does that.
"""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass

PDF, TEXT = "application/pdf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_PAGES = 3000
MOST_SIGNS = 8_000_000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 5000
MEMORY = 1536 * 1024 * 1024
SECONDS = 240
PAGE_SIGNS = 4000
ENOUGH = 20  # signs on a page, below which a paper of scans has no text
# Parts of a Word file that run something, carry files, or tell who made it.
GONE = ("docprops/", "customxml/", "word/vbaproject", "word/vbadata", "word/embeddings/", "word/activex/",
        "word/comments", "word/people", "word/attachedtoolbars", "word/glossary/")  # fmt: skip
EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


@dataclass(frozen=True, slots=True)
class Told:
    """The text of each page; `pages` is empty where none could be read. DOCX and text have no pages of their own."""

    pages: tuple[str, ...]
    counted: int | None


class NoText(ValueError):
    """The file holds no text that can be read."""


def is_docx(content: bytes) -> bool:
    """Whether this is a Word file without macros."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = {name.lower() for name in packed.namelist()}
            return "word/document.xml" in names and not any("vba" in name for name in names)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def clean_docx(content: bytes) -> bytes:
    """The Word file with its text, styles and pictures of its own; without who made it, macros, comments and packages.

    Written by python-docx from what it has read: parts that it does not name are left behind. Raises ValueError.
    """
    from docx import Document

    _measure(content)
    try:
        document = Document(io.BytesIO(content))
        core = document.core_properties
        for name in ("author", "last_modified_by", "title", "subject", "comments", "keywords", "category"):
            setattr(core, name, "")
        for part in [document.part.package, *document.part.package.iter_parts()]:
            for key, relation in list(part.rels.items()):
                target = (
                    "" if relation.is_external else str(relation.target_part.partname).lower().lstrip("/")
                )
                core_kept = target == "docprops/core.xml"
                if (relation.is_external and not relation.reltype.endswith("/hyperlink")) or (
                    not core_kept and target.startswith(GONE)
                ):
                    del part.rels[key]
        out = io.BytesIO()
        document.save(out)
    except Exception:  # a parser may fail in any way on a hostile file
        raise ValueError("damaged") from None
    return out.getvalue()


def _measure(content: bytes) -> None:
    """Raise ValueError for what would unpack into too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise ValueError("damaged") from None
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise ValueError("size")


def pages_of(content: bytes, media_type: str, seconds: float = SECONDS) -> Told:
    """The text of a file, read in a process of its own. Raises NoText where there is none, or it took too long."""
    command = [sys.executable, "-m", "palermo.papers.texts", media_type]
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"PYTHONPATH": _path()},
        )
    except subprocess.TimeoutExpired:
        raise NoText("It took too long.") from None
    if done.returncode != 0:
        raise NoText("The file could not be read.")
    told = json.loads(done.stdout)
    pages = tuple(" ".join(page.replace("\x00", " ").split()) for page in told["pages"])
    if sum(len(page) for page in pages) < ENOUGH:
        raise NoText("The file holds no text.")
    return Told(pages, told["counted"])


def _path() -> str:
    from pathlib import Path

    return str(Path(__file__).resolve().parents[2])


def extract(content: bytes, media_type: str) -> dict[str, object]:
    """{"pages": [...], "counted": how many pages, or null}."""
    if media_type == PDF:
        pages = _pdf(content)
        return {"pages": pages, "counted": len(pages)}
    text = _docx(content) if media_type == DOCX else content.decode("utf-8-sig")
    return {"pages": _cut(text[:MOST_SIGNS]), "counted": None}


def _pdf(content: bytes) -> list[str]:
    from pypdf import PdfReader

    found: list[str] = []
    left = MOST_SIGNS
    for page in PdfReader(io.BytesIO(content)).pages[:MOST_PAGES]:
        try:
            text = page.extract_text()[:left]
        except Exception:  # one page that cannot be read is no reason to lose the others
            text = ""
        left -= len(text)
        found.append(text.encode("utf-8", "replace").decode())
    return found


def _docx(content: bytes) -> str:
    from docx import Document

    _measure(content)
    document = Document(io.BytesIO(content))
    told = [one.text for one in document.paragraphs]
    for table in document.tables:
        told += ["\t".join(cell.text for cell in row.cells) for row in table.rows]
    return "\n".join(told)


def _cut(text: str) -> list[str]:
    """Pieces of about a page, cut between lines where that is possible."""
    found, piece = [], ""
    for line in text.splitlines():
        if piece and len(piece) + len(line) > PAGE_SIGNS:
            found.append(piece)
            piece = ""
        piece += line + "\n"
        while len(piece) > 2 * PAGE_SIGNS:
            found.append(piece[:PAGE_SIGNS])
            piece = piece[PAGE_SIGNS:]
    return [*found, piece] if piece.strip() else found


def main() -> None:
    """Read standard input; with limits on memory and time, where the system has them."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except (ImportError, ValueError, OSError):
        pass
    sys.stdout.write(json.dumps(extract(sys.stdin.buffer.read(), sys.argv[1])))


if __name__ == "__main__":
    main()
