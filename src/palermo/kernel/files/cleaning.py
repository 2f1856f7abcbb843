"""What a file really is, and the file without what it tells beside its content. Pure: bytes in, bytes out.

The type comes from the content, never from the name or from what the browser says. Pictures are drawn anew and PDF
rebuilt, so that place, camera, author, scripts and attachments stay behind; text must be UTF-8 and nothing else.
"""

import io
import unicodedata
import warnings
from collections.abc import Callable

import pikepdf
from PIL import Image, ImageFile, ImageOps

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 25_000_000  # three copies in memory stay below 300 MB
JPEG, PNG, PDF, TEXT = "image/jpeg", "image/png", "application/pdf", "text/plain"
EXTENSIONS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf", TEXT: ".txt"}
MOST_PDF_OBJECTS = 100_000
NAME_LIMIT = 120

_EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
# Keys of a PDF that run something, carry files, or tell who made it.
_CATALOGUE = (
    "/OpenAction",
    "/AA",
    "/Metadata",
    "/AF",
    "/Names",
    "/PieceInfo",
    "/Collection",
    "/URI",
    "/Perms",
)
_ANYWHERE = (
    "/AA",
    "/JS",
    "/JavaScript",
    "/Metadata",
    "/PieceInfo",
    "/LastModified",
    "/AF",
    "/EF",
    "/RichMediaContent",
)
_BAD_ACTIONS = (
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/GoToR",
    "/Rendition",
    "/URI",
)
_BAD_ANNOTATIONS = ("/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D")


class Unacceptable(Exception):
    """This file is not taken; `rule` is a code (empty, size, type, damaged, pixels, encrypted, malware_test)."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def sniff(content: bytes) -> str:
    """The type by the first bytes, or Unacceptable. Text is whatever decodes as UTF-8 without control characters."""
    if not content:
        raise Unacceptable("empty")
    if len(content) > MOST_BYTES:
        raise Unacceptable("size")
    for magic, kind in ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF)):
        if content.startswith(magic):
            return kind
    if _is_text(content):
        return TEXT
    raise Unacceptable("type")


def clean(content: bytes) -> tuple[str, bytes]:
    """The type, and the content without metadata and active parts."""
    kind = sniff(content)
    if _EICAR in content:
        raise Unacceptable("malware_test")
    cleaner: dict[str, Callable[[bytes], bytes]] = {JPEG: _jpeg, PNG: _png, PDF: _pdf, TEXT: _text}
    cleaned = cleaner[kind](content)
    if len(cleaned) > 2 * MOST_BYTES:
        raise Unacceptable("size")
    return kind, cleaned


def safe_name(name: str, kind: str) -> str:
    """The last part of a name without path, control, bidi or reserved characters, with the extension of its type."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem = kept.rsplit(".", 1)[0] if "." in kept else kept
    return (stem.strip(". ")[:NAME_LIMIT] or "file") + EXTENSIONS[kind]


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any((c < " " and c not in "\t\r\n") or c == "\x7f" for c in text)


def _text(content: bytes) -> bytes:
    """Without a byte order mark; characters that turn the direction of what follows are taken out."""
    turning = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
    return content.decode("utf-8-sig").translate(turning).encode()


def _picture(content: bytes, expected: str) -> Image.Image:
    """The pixels, turned as the camera meant them. The size is checked before anything is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            # A library elsewhere in the process may have told Pillow to be lenient; here a picture is whole or refused.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            picture = Image.open(io.BytesIO(content), formats=[expected])
            if picture.width * picture.height > MOST_PIXELS:
                raise Unacceptable("pixels")
            picture.load()
            return ImageOps.exif_transpose(picture)
    except Unacceptable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unacceptable("pixels") from None
    except Exception:  # a decoder may fail in any way on a hostile file
        raise Unacceptable("damaged") from None


def _drawn_anew(picture: Image.Image, mode: str) -> Image.Image:
    fresh = Image.new(mode, picture.size)
    fresh.paste(picture.convert(mode))
    return fresh


def _jpeg(content: bytes) -> bytes:
    out = io.BytesIO()
    _drawn_anew(_picture(content, "JPEG"), "RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def _png(content: bytes) -> bytes:
    picture, out = _picture(content, "PNG"), io.BytesIO()
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    _drawn_anew(picture, "RGBA" if has_alpha else "RGB").save(out, "PNG")
    return out.getvalue()


def _pdf(content: bytes) -> bytes:
    """Rebuilt without document information, XMP, scripts, actions, attachments and forms' scripts."""
    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.objects) > MOST_PDF_OBJECTS:
                raise Unacceptable("damaged")
            if pdf.is_encrypted:
                raise Unacceptable("encrypted")
            _disarm(pdf)
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except Unacceptable:
        raise
    except pikepdf.PasswordError:
        raise Unacceptable("encrypted") from None
    except Exception:  # a parser may fail in any way on a hostile file
        raise Unacceptable("damaged") from None
    return out.getvalue()


def _disarm(pdf: pikepdf.Pdf) -> None:
    for name in _CATALOGUE:
        if name in pdf.Root:
            del pdf.Root[name]
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        del pdf.Root.AcroForm["/XFA"]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            _disarm_one(thing)
    for page in pdf.pages:
        _drop_annotations(page)
    pdf.remove_unreferenced_resources()


def _disarm_one(thing: pikepdf.Object) -> None:
    for name in _ANYWHERE:
        if name in thing:
            del thing[name]
    if "/A" in thing and _is_bad_action(thing["/A"]):
        del thing["/A"]


def _is_bad_action(action: object) -> bool:
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _BAD_ACTIONS


def _drop_annotations(page: pikepdf.Page) -> None:
    if "/Annots" in page:
        kept = [note for note in page.Annots if str(note.get("/Subtype", "")) not in _BAD_ANNOTATIONS]
        page.Annots = pikepdf.Array(kept)
