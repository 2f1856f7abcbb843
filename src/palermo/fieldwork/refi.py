"""REFI-QDA: codebooks (.qdc) and projects (.qdpx) out and in, as the public schema of the standard has them.

https://www.qdasoftware.org: namespaces project:1.0 and codebook:1.0. Positions count characters of the text.
What comes in is a stranger's: no entities, no document types, no big archives, no paths that lead elsewhere.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

PROJECT, CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
MOST_FILES, MOST_BYTES, MOST_RATIO, MOST_CODES, MOST_DEPTH = 2000, 50_000_000, 200, 5000, 40
STAMP = (2026, 1, 1, 0, 0, 0)  # The same project gives the same bytes.


class Unreadable(ValueError):
    """The file is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its place in the tree (`parent`: the guid of the code above, or empty)."""

    guid: str
    name: str
    description: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """A coded piece of a text. coder: the guid of a user."""

    guid: str
    start: int
    end: int
    code: str
    coder: str
    name: str = ""
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A source with its words."""

    guid: str
    name: str
    text: str
    selections: tuple[Selection, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that goes from one program to another. users: name by guid."""

    name: str
    users: Mapping[str, str]
    codes: tuple[Code, ...]
    texts: tuple[Text, ...]


def codebook(codes: Sequence[Code], *, origin: str = "palermo") -> bytes:
    """A .qdc."""
    root = Element("CodeBook", {"xmlns": CODEBOOK, "origin": origin})
    _write_codes(SubElement(root, "Codes"), codes)
    return _bytes(root)


def project(what: Project, *, origin: str = "palermo") -> bytes:
    """A .qdpx."""
    root = Element("Project", {"xmlns": PROJECT, "name": _plain(what.name), "origin": origin})
    users = SubElement(root, "Users")
    for guid, name in sorted(what.users.items()):
        SubElement(users, "User", {"guid": guid, "name": _plain(name)})
    if what.codes:
        _write_codes(SubElement(SubElement(root, "CodeBook"), "Codes"), what.codes)
    if what.texts:
        sources = SubElement(root, "Sources")
        for text in what.texts:
            _write_text(sources, text)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "project.qde", _bytes(root))
        for text in what.texts:
            _put(archive, f"sources/{text.guid}.txt", text.text.encode())
    return out.getvalue()


def read_codebook(content: bytes) -> tuple[Code, ...]:
    """The codes of a .qdc. Raises Unreadable."""
    root = _xml(content)
    if root.tag != f"{{{CODEBOOK}}}CodeBook":
        raise Unreadable("This is no REFI-QDA codebook.")
    return tuple(_read_codes(root, CODEBOOK))


def read_project(content: bytes) -> Project:
    """The texts, codes and selections of a .qdpx; pictures, sound, films and cases are left out. Raises Unreadable."""
    files = _files(content)
    inside = next((name for name in files if name.lower() == "project.qde"), None)
    if inside is None:
        raise Unreadable("The archive holds no project.qde.")
    root = _xml(files[inside])
    if root.tag != f"{{{PROJECT}}}Project":
        raise Unreadable("This is no REFI-QDA project.")
    users = {_guid(one): one.get("name", "") for one in root.iter(f"{{{PROJECT}}}User")}
    codes = tuple(_read_codes(root, PROJECT))
    known = {one.guid for one in codes}
    texts = tuple(_read_text(one, files, known) for one in root.iter(f"{{{PROJECT}}}TextSource"))
    return Project(root.get("name", ""), users, codes, texts)


def _write_codes(under: Element, codes: Sequence[Code]) -> None:
    """Depth first from the top, so that a child stands inside its parent."""
    below: dict[str, list[Code]] = {}
    known = {one.guid for one in codes}
    for one in codes:
        below.setdefault(one.parent if one.parent in known else "", []).append(one)

    def put(at: Element, parent: str) -> None:
        for one in below.get(parent, ()):
            made = SubElement(at, "Code", {"guid": one.guid, "name": _plain(one.name), "isCodable": "true"})
            if one.description:
                SubElement(made, "Description").text = _plain(one.description)
            put(made, one.guid)

    put(under, "")


def _write_text(sources: Element, text: Text) -> None:
    made = SubElement(
        sources, "TextSource",
        {"guid": text.guid, "name": _plain(text.name), "plainTextPath": f"internal://{text.guid}.txt"},
    )  # fmt: skip
    for one in text.selections:
        given = {"guid": one.guid, "startPosition": str(one.start), "endPosition": str(one.end)}
        chosen = SubElement(
            made, "PlainTextSelection", {**given, "name": _plain(one.name), "creatingUser": one.coder}
        )
        if one.memo:
            SubElement(chosen, "Description").text = _plain(one.memo)
        # One selection carries one code here, so that its coding can take the guid turned round by one bit.
        coding = SubElement(chosen, "Coding", {"guid": _beside(one.guid), "creatingUser": one.coder})
        SubElement(coding, "CodeRef", {"targetGUID": one.code})


def _read_codes(root: Element, space: str) -> Iterable[Code]:
    tag, seen = f"{{{space}}}Code", set()
    top = (
        root.find(f"{{{space}}}Codes")
        if space == CODEBOOK
        else root.find(f"{{{space}}}CodeBook/{{{space}}}Codes")
    )
    waiting: list[tuple[Element, str]] = [
        (one, "") for one in (top if top is not None else ()) if one.tag == tag
    ]
    while waiting:
        one, parent = waiting.pop(0)
        guid = _guid(one)
        if guid in seen:
            raise Unreadable("Two codes have one guid.")
        seen.add(guid)
        if len(seen) > MOST_CODES:
            raise Unreadable("There are more than 5000 codes.")
        yield Code(guid, one.get("name", ""), (one.findtext(f"{{{space}}}Description") or "").strip(), parent)
        waiting += [(child, guid) for child in one if child.tag == tag]


def _read_text(one: Element, files: Mapping[str, bytes], known: set[str]) -> Text:
    path, inline = one.get("plainTextPath", ""), one.findtext(f"{{{PROJECT}}}PlainTextContent")
    if inline is None and not path.startswith("internal://"):
        raise Unreadable("A text lies outside of the archive. Export the project with its sources inside.")
    name = f"sources/{path.removeprefix('internal://')}"
    if inline is None and name not in files:
        raise Unreadable("A text that the project names is missing from the archive.")
    try:
        text = inline if inline is not None else files[name].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("A text is not in UTF-8.") from None
    chosen = [
        made
        for mark in one.iter(f"{{{PROJECT}}}PlainTextSelection")
        for made in _read_marks(mark, text, known)
    ]
    return Text(_guid(one), one.get("name", ""), text, tuple(chosen))


def _read_marks(mark: Element, text: str, known: set[str]) -> Iterable[Selection]:
    try:
        start, end = int(mark.get("startPosition", "")), int(mark.get("endPosition", ""))
    except ValueError:
        raise Unreadable("A selection has no position.") from None
    if not 0 <= start < end <= len(text):
        raise Unreadable("A selection lies outside of its text.")
    memo = (mark.findtext(f"{{{PROJECT}}}Description") or "").strip()
    for coding in mark.iter(f"{{{PROJECT}}}Coding"):
        for target in coding.iter(f"{{{PROJECT}}}CodeRef"):
            code = _as_guid(target.get("targetGUID", ""))
            if code not in known:
                raise Unreadable("A selection has a code that the codebook does not have.")
            coder = coding.get("creatingUser") or mark.get("creatingUser") or ""
            guid = _guid(coding if coding.get("guid") else mark)
            yield Selection(
                guid, start, end, code, _as_guid(coder) if coder else "", mark.get("name", ""), memo
            )


def _files(content: bytes) -> dict[str, bytes]:
    """Everything in the archive, read within its limits: what an entry says of its own size is not believed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise Unreadable("This is no archive. A .qdpx is a ZIP file.") from None
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise Unreadable("The archive holds more than 2000 files.")
        found: dict[str, bytes] = {}
        room = min(MOST_BYTES, max(1_000_000, MOST_RATIO * len(content)))
        for entry in entries:
            name = entry.filename
            if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
                raise Unreadable("The archive holds a path that leads out of it.")
            if entry.is_dir():
                continue
            if not name.lower().endswith((".qde", ".txt")):
                continue  # Sound and pictures are not taken, and need not be unpacked.
            if name in found:
                raise Unreadable("The archive holds one name twice.")
            found[name] = _unpacked(archive, entry, room)
            room -= len(found[name])
    return found


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    try:
        with archive.open(entry) as source:
            content = source.read(room + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable("The archive is damaged or locked.") from error
    except Exception as error:  # zlib.error and its kin: whatever a damaged stream raises is a damaged file
        raise Unreadable("The archive is damaged or locked.") from error
    if len(content) > room:
        raise Unreadable("The archive unpacks to more than is taken.")
    return content


def _xml(content: bytes) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(content) > MOST_BYTES:
        raise Unreadable("The file is too big.")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("XML with entities or a document type is not taken.") from None
    except (ParseError, ValueError, LookupError):
        raise Unreadable("The XML is broken.") from None
    waiting = [(root, 1)]
    while waiting:
        one, deep = waiting.pop()
        if deep > MOST_DEPTH:
            raise Unreadable("The XML is nested too deeply.")
        waiting += [(child, deep + 1) for child in one]
    return root


def _guid(one: Element) -> str:
    return _as_guid(one.get("guid", ""))


def _as_guid(text: str) -> str:
    try:
        return str(UUID(text.strip("{}")))
    except ValueError:
        raise Unreadable("A guid is missing or is none.") from None


def _beside(guid: str) -> str:
    return str(UUID(int=UUID(guid).int ^ 1))


def _plain(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))


def _bytes(root: Any) -> bytes:
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, STAMP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
