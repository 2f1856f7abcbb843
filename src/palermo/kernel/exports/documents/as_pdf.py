"""A document as PDF: drawn by WeasyPrint from the same page that is printed, with nothing fetched from anywhere."""

import hashlib
from typing import Any, NoReturn

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from palermo.kernel.errors import Conflict
from palermo.kernel.exports.documents.blocks import Document
from palermo.kernel.exports.documents.words import in_language

PRODUCER = "palermo"


def unavailable() -> str:
    """Why PDF cannot be made on this machine, as a sentence; empty when it can."""
    try:
        _weasyprint()
    except (ImportError, OSError):
        # OSError: WeasyPrint is there, but Debian's pango, which shapes the letters, is not.
        return _(
            "This installation cannot make PDF files: the system library pango is missing (on Debian: "
            "libpangoft2-1.0-0). Take the Word file, or print the page: both work everywhere."
        )
    return ""


def pdf_bytes(document: Document) -> bytes:
    """The pages, tagged for screen readers (PDF/UA-1). The same document gives the same bytes on the same machine.

    Raises Conflict with a plain sentence where the system's libraries are missing.
    """
    if missing := unavailable():
        raise Conflict(missing, rule="exports.pdf_unavailable")
    page = _weasyprint().HTML(string=markup(document), url_fetcher=_nothing_fetched(), base_url=None)
    identifier = hashlib.sha256(repr(_content(document)).encode()).hexdigest()[:32].encode()
    return bytes(page.write_pdf(finisher=_unsigned, pdf_identifier=identifier, pdf_variant="pdf/ua-1"))


def markup(document: Document) -> str:
    """The document as a page of its own, escaped; in its own language also where the template speaks."""
    with override(document.language):
        given = {"document": document, "page": in_language(document.language)("page")}
        return render_to_string("web/documents/sheet.html", given)


def _content(document: Document) -> tuple[Any, ...]:
    # The dataclass's own repr says nothing, on purpose.
    return tuple(getattr(document, name) for name in Document.__slots__)


def _weasyprint() -> Any:
    """Imported only when a PDF is wanted: it takes half a second and needs libraries of the system.

    It tells Pillow, for the whole process, to take pictures that are cut off. What is uploaded here must be whole
    (`kernel/files/cleaning.py`), so that is taken back at once.
    """
    import weasyprint
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint


def _nothing_fetched() -> Any:
    """A fetcher without any way to fetch: no file, no address, not even what stands in the page as data."""
    from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> NoReturn:
            raise ValueError("a document fetches nothing")

    return Nothing()


def _unsigned(_document: Any, pdf: Any) -> None:
    """Says that palermo made it; not which version of which library on which machine."""
    import pydyf

    pdf.info["Producer"] = pydyf.String(PRODUCER)
