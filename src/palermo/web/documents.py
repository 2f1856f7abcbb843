"""The page of a declared document: the sheet to print, the languages to choose from, the files to take away."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from palermo.kernel.exports.documents.blocks import Document


def language_asked(request: HttpRequest) -> str:
    """The language of the sheet: what ?language= says, or that of the page."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or "en"


def document_page(
    request: HttpRequest, document: Document, template: str = "web/documents/page.html", **context: Any
) -> HttpResponse:
    """The print view. Its address takes ?language= and ?format=pdf|docx, which the view answers with a file."""
    languages = [
        (
            code,
            get_language_info(code)["name_local"],
            _address(request, language=code),
            code == document.language,
        )
        for code, _name in settings.LANGUAGES
    ]
    files = [
        (_("PDF"), _address(request, language=document.language, format="pdf")),
        (_("Word"), _address(request, language=document.language, format="docx")),
    ]
    return render(
        request, template, {"document": document, "languages": languages, "files": files, **context}
    )


def _address(request: HttpRequest, **changes: str) -> str:
    query: QueryDict = request.GET.copy()
    query.pop("format", None)
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
