"""Records that a device encrypted (ODK encrypted forms): read with the study's private key, or refused with a reason.

AES-256-CFB with 128-bit segments and PKCS#7 padding; a fresh key for each record, wrapped by RSA-OAEP (SHA-256);
the IV is md5(instanceID + key), of which one byte more is counted up for each file: the media first, the XML last.
https://getodk.github.io/xforms-spec/encryption. It keeps answers secret; it does not prove who wrote them.
"""

import base64
import binascii
import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256

BLOCK, ENDING = 16, ".enc"
MOST_ORDERS = 720
CODES = ("key", "missing", "cut", "order", "altered")


class Locked(Exception):
    """Why a record stays closed. code: one of CODES; place: which file (1, 2 ... as in the manifest, 0: the XML)."""

    def __init__(self, code: str, place: int | None = None) -> None:
        super().__init__(code if place is None else f"{code} {place}")
        self.code, self.place = code, place


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in clear around an encrypted record."""

    form_id: str
    version: str | None
    instance_id: str
    wrapped_key: str
    media: tuple[str, ...]
    xml_file: str
    signature: str

    @property
    def files(self) -> tuple[str, ...]:
        """Every encrypted file in the order in which their IVs are counted."""
        return (*self.media, self.xml_file)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A record in clear. signed: the device's own check of form, key and files was there, and holds."""

    xml: bytes
    media: tuple[tuple[str, bytes], ...]
    signed: bool


def read_manifest(root: Element) -> Manifest:
    """From the XML of a submission whose root says `encrypted="yes"`. Raises ValueError with what is missing."""
    found = Manifest(
        form_id=root.get("id", ""), version=root.get("version"), instance_id=_text(root, "instanceID"),
        wrapped_key=_text(root, "base64EncryptedKey"), xml_file=_text(root, "encryptedXmlFile"),
        media=tuple(_media(root)), signature=_text(root, "base64EncryptedElementSignature"),
    )  # fmt: skip
    for name, value in (("base64EncryptedKey", found.wrapped_key), ("encryptedXmlFile", found.xml_file)):
        if not value:
            raise ValueError(name)
    if len(set(found.files)) != len(found.files):
        raise ValueError("file")
    return found


def _named(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if str(one.tag).rpartition("}")[2] == name)


def _text(root: Element, name: str) -> str:
    found = next(_named(root, name), None)
    return (found.text or "").strip() if found is not None else ""


def _media(root: Element) -> Iterator[str]:
    for media in _named(root, "media"):
        for one in _named(media, "file"):
            if name := (one.text or "").strip():
                yield name


def unlock(manifest: Manifest, files: Mapping[str, bytes], key: RSAPrivateKey) -> Unlocked:
    """The record in clear. Raises Locked; then nothing of it was let through."""
    for place, name in _places(manifest):
        if name not in files:
            raise Locked("missing", place)
    secret = _unwrapped(manifest.wrapped_key, key, "key")
    if len(secret) != 32:
        raise Locked("key")
    seed = _seed(manifest.instance_id, secret)
    clear = []
    for turn, (place, name) in enumerate(_places(manifest), 1):
        clear.append(_decrypted(files[name], secret, _iv(seed, turn), place))
    if not manifest.signature:
        return _unlocked(manifest, clear, signed=False)
    wanted = _unwrapped(manifest.signature, key, "altered")
    if wanted not in _marks(manifest, manifest.media, [_md5(one) for one in clear]):
        raise Locked("order" if _is_other_order(manifest, files, secret, seed, wanted) else "altered")
    return _unlocked(manifest, clear, signed=True)


def _unlocked(manifest: Manifest, clear: Sequence[bytes], *, signed: bool) -> Unlocked:
    names = (_plain(name) for name in manifest.media)
    return Unlocked(clear[-1], tuple(zip(names, clear[:-1], strict=True)), signed)


def _places(manifest: Manifest) -> Iterator[tuple[int, str]]:
    yield from enumerate(manifest.media, 1)
    yield 0, manifest.xml_file


def _plain(name: str) -> str:
    return name.removesuffix(ENDING)


def _unwrapped(text: str, key: RSAPrivateKey, code: str) -> bytes:
    hidden = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    try:
        return key.decrypt(base64.b64decode("".join(text.split()), validate=True), hidden)
    except (binascii.Error, ValueError):
        raise Locked(code) from None


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _seed(instance_id: str, secret: bytes) -> bytes:
    return _md5(instance_id.encode() + secret)


def _iv(seed: bytes, turn: int) -> bytes:
    """The IV of the file at `turn`, counted from 1: bytes 0 to turn - 1 counted up once, round and round."""
    counted = bytearray(seed)
    for step in range(turn):
        counted[step % BLOCK] = (counted[step % BLOCK] + 1) % 256
    return bytes(counted)


def _decrypted(content: bytes, secret: bytes, iv: bytes, place: int) -> bytes:
    if not content or len(content) % BLOCK:
        raise Locked("cut", place)
    reader = Cipher(AES256(secret), CFB(iv)).decryptor()
    clear = reader.update(content) + reader.finalize()
    ending = clear[-1]
    if not 1 <= ending <= BLOCK or clear[-ending:] != bytes([ending]) * ending:
        raise Locked("cut", place)
    return clear[:-ending]


def _marks(manifest: Manifest, media: Sequence[str], sums: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The md5 that the device signed; with the newline at its end that Collect writes, and without."""
    lines = [manifest.form_id, *([manifest.version] if manifest.version is not None else [])]
    lines += [manifest.wrapped_key, manifest.instance_id]
    named = [*(_plain(name) for name in media), _plain(manifest.xml_file)]
    lines += [f"{name}::{one.hex()}" for name, one in zip(named, sums, strict=True)]
    source = "\n".join(lines).encode()
    return _md5(source + b"\n"), _md5(source)


def _is_other_order(
    manifest: Manifest, files: Mapping[str, bytes], secret: bytes, seed: bytes, wanted: bytes
) -> bool:
    """Whether the files are what the device signed, and only their order in the manifest is another one."""
    sums: dict[tuple[str, int], bytes | None] = {}

    def at(name: str, turn: int) -> bytes | None:
        if (name, turn) not in sums:
            try:
                sums[name, turn] = _md5(_decrypted(files[name], secret, _iv(seed, turn), 0))
            except Locked:
                sums[name, turn] = None
        return sums[name, turn]

    for order in itertools.islice(_orders(manifest.media), MOST_ORDERS):
        found = [at(name, turn) for turn, name in enumerate((*order, manifest.xml_file), 1)]
        whole = [one for one in found if one is not None]
        if len(whole) == len(found) and wanted in _marks(manifest, order, whole):
            return True
    return False


def _orders(media: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Few files: every order. Many: the reversed one, and each in which two have changed places."""
    if len(media) <= 6:
        yield from itertools.permutations(media)
        return
    yield tuple(reversed(media))
    for first, second in itertools.combinations(range(len(media)), 2):
        order = list(media)
        order[first], order[second] = order[second], order[first]
        yield tuple(order)
