"""A filled form as it comes over the line: read without entities, without a document type, without deep nesting."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from palermo.fieldwork.encryption import read_manifest

MOST_XML = 2_000_000
DEEPEST, MOST_ELEMENTS = 60, 50_000
_ID_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:._-")


class Unreadable(ValueError):
    """The XML cannot be taken. The sentence holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One filled form: which form and version, its own id, the id that it replaces, and its answers.

    encrypted: `root` is the manifest of an encrypted record, and the answers are in one of its files.
    """

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    root: Element
    encrypted: bool = False
    files: tuple[str, ...] = ()


def read_instance(xml: bytes) -> Instance:
    """Raises Unreadable with a sentence that says what is wrong."""
    try:
        root = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("The XML has a document type or entities.") from None
    except (ParseError, ValueError, LookupError, RecursionError):
        raise Unreadable("The XML is not well formed.") from None
    _measure(root)
    files = _encrypted_files(root) if root.get("encrypted") == "yes" else ()
    meta = _child(root, "meta")
    found = Instance(
        form_id=root.get("id", ""), version=root.get("version", ""), instance_id=_text(meta, "instanceID"),
        deprecated_id=_text(meta, "deprecatedID"), root=root,
        encrypted=bool(files), files=files,
    )  # fmt: skip
    if not found.form_id:
        raise Unreadable("The XML does not say of which form it is.")
    if not found.instance_id:
        raise Unreadable("The XML has no instanceID.")
    for one in (found.instance_id, found.deprecated_id):
        if len(one) > 100 or not set(one) <= _ID_SIGNS:
            raise Unreadable("The instanceID is not an id.")
    if found.instance_id == found.deprecated_id:
        raise Unreadable("A record does not replace itself.")
    return found


def _encrypted_files(root: Element) -> tuple[str, ...]:
    try:
        files = read_manifest(root).files
    except ValueError as error:
        raise Unreadable(f"The manifest of the encrypted record lacks its {error}.") from None
    if any("/" in name or "\\" in name or len(name) > 200 for name in files):
        raise Unreadable("The manifest of the encrypted record names a file by a path.")
    return files


def _measure(root: Element) -> None:
    waiting, count = [(root, 1)], 0
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise Unreadable("The XML is nested too deeply or has too many parts.")
        waiting += [(child, depth + 1) for child in element]


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _child(element: Element | None, name: str) -> Element | None:
    return next((one for one in element if local(one) == name), None) if element is not None else None


def _text(element: Element | None, name: str) -> str:
    found = _child(element, name)
    return (found.text or "").strip() if found is not None else ""


def leaves(root: Element) -> Iterator[tuple[str, str]]:
    """Every answer with its path below the root, repeats under the same path again."""
    waiting = [(child, f"/{local(child)}") for child in reversed(root)]
    while waiting:
        element, path = waiting.pop()
        if len(element):
            waiting += [(child, f"{path}/{local(child)}") for child in reversed(element)]
        else:
            yield path, (element.text or "").strip()
