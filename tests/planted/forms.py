"""In which forms a text could lie around, and what there is to look through."""

import base64
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from django.utils.html import escape


def forms_of(text: str) -> Iterator[bytes]:
    """As it is, small, without accents, escaped for a page or an address, as hex and base64, in other encodings."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    for shape in {text, plain}:
        raw = shape.encode()
        yield raw.lower()
        yield escape(shape).encode().lower()
        yield quote(shape).encode().lower()
        yield quote_plus(shape).encode().lower()
        yield shape.encode("unicode_escape").lower()
        yield raw.hex().encode()
        yield shape.encode("utf-16-le").lower()
        # Base64 of a text inside another one: three alignments, without the ends that its neighbours touch.
        for shift in range(3):
            inside = base64.b64encode(b"\0" * shift + raw)
            core = inside[(8 if shift else 0) : len(inside) - 4].rstrip(b"=")
            if len(core) >= 10:
                yield core


class Needles:
    """Many secrets in all their forms, looked for at once. Base64 is compared as it is, all else in small letters."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.by_form = {form: secret for secret in secrets for form in forms_of(secret) if len(form) >= 6}

    def found_in(self, body: bytes) -> set[str]:
        small = body.lower()
        return {secret for form, secret in self.by_form.items() if form in small or form in body}


def unpacked(body: bytes) -> bytes:
    """The body, and what is inside it when it is a zip (XLSX, DOCX)."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return body + b"\n".join(packed.read(name) for name in packed.namelist())


def dump(superuser: Any) -> Iterator[tuple[str, bytes]]:
    """Every table of every schema with rows, as `pg_dump --data-only` would write it: (table, its rows)."""
    found = superuser.execute(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
    ).fetchall()
    for (table,) in found:
        with superuser.cursor().copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as rows:
            yield table, b"".join(bytes(piece) for piece in rows)
