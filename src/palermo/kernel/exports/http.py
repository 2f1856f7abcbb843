"""A file as a response: always a download, never shown in the page or guessed by the browser."""

from django.http import HttpResponse

from palermo.kernel.exports.actions import File


def file_response(file: File) -> HttpResponse:
    """The download of a file."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
