"""What is taken in is what it says it is, and carries nothing beside its content."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image

from palermo.kernel.files.cleaning import (
    JPEG,
    MOST_BYTES,
    PDF,
    PNG,
    TEXT,
    Unacceptable,
    clean,
    safe_name,
    sniff,
)

GPS, CAMERA = 0x8825, 0x0110


def jpeg(**more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", **more)
    return out.getvalue()


def with_place() -> bytes:
    exif = Image.Exif()
    exif[CAMERA] = "InventedCam 9"
    exif.get_ifd(GPS).update({1: "N", 2: (38.0, 6.0, 56.0), 3: "E", 4: (13.0, 21.0, 41.0)})
    return jpeg(exif=exif, comment=b"Zzinvented")


def pdf() -> pikepdf.Pdf:
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    return made


def saved(made: pikepdf.Pdf, **more: object) -> bytes:
    out = io.BytesIO()
    made.save(out, **more)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


def rule_of(content: bytes) -> str:
    with pytest.raises(Unacceptable) as caught:
        clean(content)
    return caught.value.rule


def test_a_picture_forgets_where_and_with_what_it_was_taken() -> None:
    content = with_place()
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(GPS)
    kind, cleaned = clean(content)
    picture = Image.open(io.BytesIO(cleaned))
    assert kind == JPEG
    assert picture.size == (40, 20)
    assert not picture.getexif()
    assert not picture.getexif().get_ifd(GPS)
    assert b"InventedCam" not in cleaned
    assert b"Zzinvented" not in cleaned


def test_a_turned_picture_stays_upright_without_its_tag() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    _kind, cleaned = clean(jpeg(exif=exif))
    assert Image.open(io.BytesIO(cleaned)).size == (20, 40)


def test_a_png_loses_its_texts_and_keeps_its_alpha() -> None:
    from PIL.PngImagePlugin import PngInfo

    notes, out = PngInfo(), io.BytesIO()
    notes.add_text("Author", "Zzinvented")
    Image.new("RGBA", (9, 9), (1, 2, 3, 4)).save(out, "PNG", pnginfo=notes)
    kind, cleaned = clean(out.getvalue())
    picture = Image.open(io.BytesIO(cleaned))
    assert kind == PNG
    assert picture.getpixel((0, 0)) == (1, 2, 3, 4)
    assert b"Zzinvented" not in cleaned


def test_what_hangs_behind_a_picture_is_gone() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("evil.html", "<script>alert(1)</script>" * 9)
    kind, cleaned = clean(jpeg() + archive.getvalue())
    assert kind == JPEG
    assert not zipfile.is_zipfile(io.BytesIO(cleaned))


def test_a_pdf_loses_author_scripts_actions_and_attachments() -> None:
    made = pdf()
    made.docinfo["/Author"] = "Zzinvented"
    with made.open_metadata() as xmp:
        xmp["dc:creator"] = ["Zzinvented"]
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('Zzinvented')")
    made.Root.OpenAction = made.make_indirect(script)
    made.pages[0].AA = pikepdf.Dictionary(O=made.make_indirect(script))
    made.attachments["Zzinvented.exe"] = b"MZ Zzinvented"
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://tracker.invalid/Zzinvented"),
    )  # fmt: skip
    attached = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9]
    )
    made.pages[0].Annots = pikepdf.Array([made.make_indirect(link), made.make_indirect(attached)])
    kind, cleaned = clean(saved(made))
    assert kind == PDF
    with pikepdf.open(io.BytesIO(cleaned)) as found:
        assert len(found.pages) == 1
        assert not list(found.docinfo)
        assert not found.attachments
        assert {"/OpenAction", "/Metadata", "/Names", "/AA"}.isdisjoint(found.Root.keys())
        plain = io.BytesIO()
        found.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    for trace in (b"Zzinvented", b"JavaScript", b"/EmbeddedFile", b"/FileAttachment"):
        assert trace not in plain.getvalue()


def test_a_locked_pdf_is_refused_with_its_reason() -> None:
    locked = pikepdf.Encryption(owner="one", user="two")
    assert rule_of(saved(pdf(), encryption=locked)) == "encrypted"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"x" * (MOST_BYTES + 1), "size"),
        (b"PK\x03\x04 a zip", "type"),
        (b"MZ\x90\x00 a program", "type"),
        (b"\xd0\xcf\x11\xe0 an office file with macros", "type"),
        (b"GIF89a\x01\x00", "type"),
        (b"plain \x00 zero", "type"),
        (b"latin \xe9", "type"),
        (b"\xff\xd8\xff no picture", "damaged"),
        (b"%PDF-1.7 no document", "damaged"),
        (jpeg()[:200], "damaged"),
        (png_header(30_000, 30_000), "pixels"),
        (png_header(100, 100), "damaged"),
        (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "malware_test"),
    ],
)  # fmt: skip
def test_what_is_not_taken(content: bytes, rule: str) -> None:
    assert rule_of(content) == rule


def test_a_zip_bomb_of_a_picture_is_refused_before_it_unfolds() -> None:
    import tracemalloc

    tracemalloc.start()
    assert rule_of(png_header(65_000, 65_000)) == "pixels"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def test_a_page_with_a_picture_head_is_no_page_afterwards() -> None:
    _kind, cleaned = clean(jpeg(comment=b"<script>alert(1)</script>"))
    assert b"<script>" not in cleaned
    assert sniff(b"<html><script>alert(1)</script></html>") == TEXT, (
        "text is text: served as such, never as a page"
    )


def test_text_keeps_its_words_and_loses_what_turns_them() -> None:
    kind, cleaned = clean("\ufeffone \u202etwo محمد\r\n".encode())
    assert (kind, cleaned.decode()) == (TEXT, "one two محمد\r\n")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("..\\..\\boot.ini", "boot.txt"),
        ("a\x00b\r\nSet-Cookie.txt", "abSet-Cookie.txt"),
        ("photo\u202egpj.exe", "photogpj.txt"),
        ("....", "file.txt"),
        ("", "file.txt"),
        ("/", "file.txt"),
        ("statement.pdf.html", "statement.pdf.txt"),
        ("شهادة.txt", "شهادة.txt"),
        ("x" * 500 + ".txt", "x" * 120 + ".txt"),
    ],
)
def test_a_name_is_only_a_name(name: str, expected: str) -> None:
    assert safe_name(name, TEXT) == expected


def test_a_cut_off_picture_is_refused_also_after_a_letter_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint, once imported, makes Pillow take pictures that are cut off."""
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = io.BytesIO()
    Image.new("RGB", (100, 100), "teal").save(whole, "PNG")
    with pytest.raises(Unacceptable):
        clean(whole.getvalue()[:-40])
