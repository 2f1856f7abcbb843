"""Encrypted records: what devices encrypt opens, and everything that is wrong with one is told apart."""

import base64
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from palermo.fieldwork.encryption import Locked, Unlocked, read_manifest, unlock
from palermo.fieldwork.tests.encryptor import Envelope, encrypted, public_text

ID = "uuid:5a3c1f6e-0000-4000-8000-000000000001"
XML = f'<data id="survey" version="7"><age>31</age><meta><instanceID>{ID}</instanceID></meta></data>'.encode()
MEDIA = {"a.jpg": b"A picture of the bridge, longer than a block.", "b.amr": bytes(range(200)) + b"A voice."}


@cache
def keys(which: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def made(xml: bytes = XML, media: dict[str, bytes] = MEDIA, **more: object) -> Envelope:
    values = {"public": public_text(keys(0)), "form_id": "survey", "version": "7", "instance_id": ID, **more}
    return encrypted(xml, media, **values)  # type: ignore[arg-type]


def opened(one: Envelope, which: int = 0) -> Unlocked:
    return unlock(read_manifest(fromstring(one.manifest)), one.files, keys(which))


def refused(one: Envelope, which: int = 0) -> str:
    with pytest.raises(Locked) as told:
        opened(one, which)
    return str(told.value)


@pytest.mark.parametrize("count", [0, 1, 2, 15, 16, 17, 40])
def test_what_a_device_encrypted_opens_with_all_its_files(count: int) -> None:
    media = {f"{n}.jpg": bytes([n]) * (n * 7) for n in range(count)}
    found = opened(made(media=media))
    assert (found.xml, dict(found.media), found.signed) == (XML, media, True)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 32, 100_000])
def test_every_length_opens(size: int) -> None:
    assert dict(opened(made(media={"x": b"x" * size})).media) == {"x": b"x" * size}


def test_the_wrong_key_is_told() -> None:
    assert refused(made(), which=1) == "key"
    one = made()
    one.manifest = one.manifest.replace(b"<base64EncryptedKey>", b"<base64EncryptedKey>%%")
    assert refused(one) == "key"


@pytest.mark.parametrize(("name", "place"), [("a.jpg.enc", 1), ("b.amr.enc", 2), ("submission.xml.enc", 0)])
@pytest.mark.parametrize("left", [0, 1, 15, 17, 32])
def test_a_cut_file_is_told_with_its_place(name: str, place: int, left: int) -> None:
    one = made()
    one.files[name] = one.files[name][:left]
    assert refused(one) in (f"cut {place}", "altered")
    assert (left % 16 == 0 and left > 0) or refused(one) == f"cut {place}"


def test_a_missing_file_is_told_with_its_place() -> None:
    for name, place in (("a.jpg.enc", 1), ("b.amr.enc", 2), ("submission.xml.enc", 0)):
        one = made()
        del one.files[name]
        assert refused(one) == f"missing {place}"


def test_media_in_another_order_are_told() -> None:
    assert refused(made(listed=["b.amr", "a.jpg"])) == "order"
    many = {f"{n:02}.jpg": bytes([65 + n]) * 60 for n in range(12)}
    assert refused(made(media=many, listed=sorted(many, reverse=True))) == "order"
    swapped = sorted(many)
    swapped[3], swapped[9] = swapped[9], swapped[3]
    assert refused(made(media=many, listed=swapped)) == "order"


@pytest.mark.parametrize("name", ["a.jpg.enc", "b.amr.enc", "submission.xml.enc"])
def test_one_altered_bit_is_told(name: str) -> None:
    one = made()
    content = bytearray(one.files[name])
    content[3] ^= 1
    one.files[name] = bytes(content)
    assert refused(one) == "altered"


def test_files_that_changed_places_and_another_form_are_told() -> None:
    one = made(media={"a.jpg": b"x" * 64, "b.jpg": b"y" * 64})
    one.files["a.jpg.enc"], one.files["b.jpg.enc"] = one.files["b.jpg.enc"], one.files["a.jpg.enc"]
    assert refused(one) == "altered"
    one = made()
    one.manifest = one.manifest.replace(b'version="7"', b'version="8"')
    assert refused(one) == "altered"
    one = made()
    one.manifest = one.manifest.replace(
        b"<base64EncryptedElementSignature>", b"<base64EncryptedElementSignature>AA"
    )
    assert refused(one) == "altered"


def test_without_a_signature_it_opens_and_says_so() -> None:
    assert opened(made(signed=False)).signed is False


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<base64EncryptedKey>", b"<other>"),
        (b"<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>", b""),
        (b"b.amr.enc", b"a.jpg.enc"),
    ],
)
def test_a_manifest_without_its_parts_is_no_manifest(old: bytes, new: bytes) -> None:
    text = (
        made()
        .manifest.replace(old, new)
        .replace(b"</base64EncryptedKey>", b"</other>" if b"other" in new else b"</base64EncryptedKey>")
    )
    with pytest.raises(ValueError, match=r"^(base64EncryptedKey|encryptedXmlFile|file)$"):
        read_manifest(fromstring(text))


ROOT = next(one for one in Path(__file__).parents if (one / "package.json").exists())
NO_FORGE = shutil.which("node") is None or not (ROOT / "node_modules" / "node-forge").exists()


@pytest.mark.skipif(NO_FORGE, reason="node-forge runs in Node, after `make setup`")
@pytest.mark.parametrize("signed", [True, False])
def test_what_node_forge_encrypted_opens(signed: bool) -> None:
    """An encryptor that is not ours, in another language. It draws its keys itself; every key must do."""
    given = [*MEDIA.items(), ("exact.bin", b"sixteen bytes ex" * 4), ("submission.xml", XML)]
    task = {
        "publicKey": public_text(keys(0)), "formId": "survey", "version": "7", "instanceId": ID,
        "files": [[name, base64.b64encode(content).decode()] for name, content in given],
    }  # fmt: skip
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("forge.mjs"))], input=json.dumps(task), capture_output=True, text=True,
        check=True, timeout=120,
    )  # fmt: skip
    told = json.loads(done.stdout)
    names = "".join(f"<media><file>{name}</file></media>" for name, _content in told["files"][:-1])
    sign = f"<base64EncryptedElementSignature>{told['signature']}</base64EncryptedElementSignature>"
    manifest = (
        '<data xmlns="http://opendatakit.org/submissions" encrypted="yes" id="survey" version="7">'
        f"<base64EncryptedKey>{told['key']}</base64EncryptedKey><meta><instanceID>{ID}</instanceID></meta>{names}"
        f"<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>{sign if signed else ''}</data>"
    )
    files = {name: base64.b64decode(content) for name, content in told["files"]}
    found = unlock(read_manifest(fromstring(manifest)), files, keys(0))
    assert (found.xml, [*found.media], found.signed) == (XML, given[:-1], signed)
