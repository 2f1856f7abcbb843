"""An encrypting device, written from the specification for the tests: it shares no line with the reader."""

import base64
import hashlib
import random
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.padding import PKCS7


@dataclass
class Envelope:
    """What goes over the line: the manifest, and the encrypted files by name."""

    manifest: bytes
    files: dict[str, bytes] = field(default_factory=dict)


def public_text(key: rsa.RSAPrivateKey) -> str:
    """The public key as it stands in a blank form."""
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, kind)).decode()


def encrypted(
    xml: bytes, media: dict[str, bytes], *, public: str, form_id: str, version: str, instance_id: str, seed: int = 1,
    replaces: str = "", signed: bool = True, listed: list[str] | None = None,
) -> Envelope:  # fmt: skip
    """One record as Collect sends it. listed: the media in another order than they were encrypted in."""
    key = serialization.load_der_public_key(base64.b64decode(public))
    assert isinstance(key, rsa.RSAPublicKey)
    secret = random.Random(seed).randbytes(32)
    oaep = padding.OAEP(mgf=padding.MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
    wrapped = base64.b64encode(key.encrypt(secret, oaep)).decode()
    iv = bytearray(hashlib.md5(instance_id.encode() + secret, usedforsecurity=False).digest())
    told = [form_id, version, wrapped, instance_id]
    files = {}
    for number, (name, content) in enumerate([*media.items(), ("submission.xml", xml)]):
        iv[number % 16] = (iv[number % 16] + 1) & 0xFF
        pad = PKCS7(128).padder()
        cipher = Cipher(AES256(secret), CFB(bytes(iv))).encryptor()
        files[f"{name}.enc"] = cipher.update(pad.update(content) + pad.finalize()) + cipher.finalize()
        told.append(f"{name}::{hashlib.md5(content, usedforsecurity=False).hexdigest()}")
    source = "".join(line + "\n" for line in told).encode()
    mark = key.encrypt(hashlib.md5(source, usedforsecurity=False).digest(), oaep)
    old = f"<orx:deprecatedID>{replaces}</orx:deprecatedID>" if replaces else ""
    names = "".join(f"<media><file>{name}.enc</file></media>" for name in (listed or media))
    signature = base64.b64encode(mark).decode()
    manifest = (
        f'<?xml version="1.0"?><data xmlns="http://opendatakit.org/submissions" id="{form_id}" version="{version}" '
        f'encrypted="yes"><base64EncryptedKey>{wrapped}</base64EncryptedKey>'
        f'<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>{instance_id}</orx:instanceID>{old}</orx:meta>'
        f"{names}<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
    )
    if signed:
        manifest += f"<base64EncryptedElementSignature>{signature}</base64EncryptedElementSignature>"
    return Envelope(f"{manifest}</data>".encode(), files)
