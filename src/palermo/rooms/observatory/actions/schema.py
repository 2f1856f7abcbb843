"""What a blank form asks, read from the XML that devices get: types, repeats, labels, and the files it needs."""

import re
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

XF, H, JR = (
    "{http://www.w3.org/2002/xforms}",
    "{http://www.w3.org/1999/xhtml}",
    "{http://openrosa.org/javarosa}",
)
CHOSEN = ("select", "select1", "rank")
CONTROLS = ("input", "select", "select1", "upload", "range", "rank", "trigger", "secret")
_ITEXT = re.compile(r"jr:itext\(\s*'([^']+)'\s*\)")
_MEDIA = re.compile(r"jr://(?:file|file-csv|images|audio|video)/([^\"'<>\s]+)")


def read_schema(xml: bytes) -> dict[str, Any]:
    """The questions in their order, each with its path below the root; the repeats; the files that go along.

    Keys: form_id, version, title, languages, fields (path, type, control, label, choices, preload), repeats, media,
    encrypted, key (the public key that it brings, as base64).
    """
    top = fromstring(xml, forbid_dtd=True)
    model = top.find(f"{H}head/{XF}model")
    if model is None:
        raise ValueError("no model")
    instance = model.find(f"{XF}instance")
    root = instance[0] if instance is not None and len(instance) else None
    if root is None:
        raise ValueError("no instance")
    texts = _texts(model)
    lists = {i.get("id", ""): i for i in model.findall(f"{XF}instance")[1:]}
    body = top.find(f"{H}body")
    controls = _controls(body) if body is not None else {}
    repeats = [_below(e.get("nodeset", "")) for e in top.iter(f"{XF}repeat")]
    fields = [_field(bind, controls, texts, lists) for bind in model.findall(f"{XF}bind")]
    submission = model.find(f"{XF}submission")
    key = "".join((submission.get("base64RsaPublicKey") or "").split()) if submission is not None else ""
    return {
        "form_id": root.get("id", ""), "version": root.get("version", ""),
        "title": (top.findtext(f"{H}head/{H}title") or "").strip(),
        "languages": sorted({language for one in texts.values() for language in one if language}),
        "fields": [f for f in fields if f["path"] not in repeats], "repeats": repeats,
        "media": sorted(set(_MEDIA.findall(xml.decode("utf-8", "replace")))),
        "encrypted": submission is not None and submission.get("base64RsaPublicKey") is not None, "key": key,
    }  # fmt: skip


def _below(path: str) -> str:
    """A path without the root element: `/data/leg/mode` is `/leg/mode`."""
    _empty, _root, *rest = path.split("/")
    return "/" + "/".join(rest)


def _texts(model: Element) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for translation in model.findall(f"{XF}itext/{XF}translation"):
        for text in translation.findall(f"{XF}text"):
            for value in text.findall(f"{XF}value"):
                if value.get("form") is None:
                    words = " ".join("".join(value.itertext()).split())
                    found.setdefault(text.get("id", ""), {})[translation.get("lang", "")] = words
    return found


def _controls(body: Element) -> dict[str, Element]:
    found = {}
    for element in body.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in CONTROLS and element.get("ref"):
            found[_below(element.get("ref", ""))] = element
    return found


def _words(element: Element | None, texts: dict[str, dict[str, str]]) -> dict[str, str]:
    """A label by language; one without translations stands under the empty one."""
    if element is None:
        return {}
    named = _ITEXT.match(element.get("ref", ""))
    if named:
        return texts.get(named.group(1), {})
    words = " ".join("".join(element.itertext()).split())
    return {"": words} if words else {}


def _choices(control: Element, texts: dict[str, Any], lists: dict[str, Element]) -> dict[str, dict[str, str]]:
    items = control.find(f"{XF}itemset")
    if items is None:
        return {
            (item.findtext(f"{XF}value") or ""): _words(item.find(f"{XF}label"), texts)
            for item in control.findall(f"{XF}item")
        }
    named = re.match(r"instance\('([^']+)'\)", items.get("nodeset", ""))
    there = lists.get(named.group(1)) if named else None
    found: dict[str, dict[str, str]] = {}
    for item in there.iter(f"{XF}item") if there is not None else ():
        key = item.findtext(f"{XF}itextId")
        found[item.findtext(f"{XF}name") or ""] = (
            texts.get(key, {}) if key else {"": item.findtext(f"{XF}label") or ""}
        )
    return found


def _field(
    bind: Element, controls: dict[str, Element], texts: dict[str, Any], lists: dict[str, Element]
) -> dict[str, Any]:
    path = _below(bind.get("nodeset", ""))
    control = controls.get(path)
    name = str(control.tag).rpartition("}")[2] if control is not None else ""
    return {
        "path": path, "type": bind.get("type", "string").rpartition(":")[2], "control": name,
        "label": _words(control.find(f"{XF}label"), texts) if control is not None else {},
        "choices": _choices(control, texts, lists) if control is not None and name in CHOSEN else {},
        "preload": bind.get(f"{JR}preload", ""),
    }  # fmt: skip
