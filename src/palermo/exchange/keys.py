"""The keys of one side: Ed25519 to sign, and one for each suite of sealing. Their ids are hashes of the public half.

A key of one use is never used for another. Private halves leave this module as bytes only to be wrapped by a vault.
Keys come from the operating system's randomness: the one place where a seed would be a fault.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey

Use = Literal["sign", "jose", "hybrid"]
USES: tuple[Use, ...] = ("sign", "jose", "hybrid")
CURVE = 32
SEED = 64  # of ML-KEM-768, FIPS 203
LENGTHS: dict[Use, int] = {"sign": CURVE, "jose": CURVE, "hybrid": 1184 + CURVE}


@dataclass(frozen=True, slots=True)
class Public:
    """The public half. hybrid: ML-KEM-768, then X25519. Raises ValueError for a length that no such key has."""

    use: Use
    raw: bytes

    def __post_init__(self) -> None:
        if self.use not in USES or len(self.raw) != LENGTHS[self.use]:
            raise ValueError("no public key has this form")

    @property
    def id(self) -> str:
        """128 bits of a hash over use and key, as hexadecimal digits."""
        return hashlib.sha256(f"palermo/{self.use}/".encode() + self.raw).hexdigest()[:32]

    def verifier(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)

    def hybrid(self) -> MLKEM768X25519PublicKey:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self.raw[:-CURVE]),
            X25519PublicKey.from_public_bytes(self.raw[-CURVE:]),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Private:
    """The private half as bytes: 32 of them, for hybrid the seed of ML-KEM-768 and then X25519. Never shown."""

    use: Use
    raw: bytes

    @classmethod
    def new(cls, use: Use) -> Private:
        """A fresh key. Raises UnsupportedAlgorithm where the machine's OpenSSL knows no ML-KEM."""
        if use == "sign":
            return cls(use, Ed25519PrivateKey.generate().private_bytes_raw())
        curve = X25519PrivateKey.generate().private_bytes_raw()
        if use == "jose":
            return cls(use, curve)
        return cls(use, MLKEM768PrivateKey.generate().private_bytes_raw() + curve)

    def public(self) -> Public:
        if self.use == "sign":
            return Public(self.use, self.signer().public_key().public_bytes_raw())
        curve = X25519PrivateKey.from_private_bytes(self.raw[-CURVE:]).public_key().public_bytes_raw()
        if self.use == "jose":
            return Public(self.use, curve)
        lattice = MLKEM768PrivateKey.from_seed_bytes(self.raw[:SEED]).public_key().public_bytes_raw()
        return Public(self.use, lattice + curve)

    def signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.raw)

    def hybrid(self) -> MLKEM768X25519PrivateKey:
        return MLKEM768X25519PrivateKey(
            MLKEM768PrivateKey.from_seed_bytes(self.raw[:SEED]),
            X25519PrivateKey.from_private_bytes(self.raw[SEED:]),
        )


def hybrid_possible() -> bool:
    """Whether this machine's OpenSSL has ML-KEM-768; without it only suite 1 is offered."""
    try:
        MLKEM768PrivateKey.generate()
    except UnsupportedAlgorithm:
        return False
    return True
