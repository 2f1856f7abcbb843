"""Codes that a person carries in her head or on paper, and what keeps forms honest without a cookie.

A code has 15 signs of an alphabet of 31 without look-alikes: 74 bits, and a sixteenth that catches any one wrong sign
and any two that changed places. It is kept as HMAC-SHA-256 under a key of the key directory and shown once.

Forms. Without a cookie a browser has no standing of its own that another site could borrow, which is what forged
requests live on. Every form carries a token all the same: signed, two hours old at most, for that form alone, with a
number used once; so a forged or blindly repeated form is refused. Behind a code there is a ticket instead of the code:
signed, half an hour, in the body of the page and never in an address.
"""

import hashlib
import hmac
import secrets
import unicodedata
from uuid import UUID

from django.core import signing

from palermo.kernel.vault.unlock import keyring

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SIGNS = 15
FORM_SECONDS, TICKET_SECONDS = 7200, 1800


def _key(use: str) -> bytes:
    return keyring().purpose_key("context", f"door-{use}")


def _check(signs: str) -> str:
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, 1))
    return ALPHABET[total % len(ALPHABET)]


def _written(number: int) -> str:
    signs = ""
    for _sign in range(SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs += ALPHABET[place]
    whole = signs + _check(signs)
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def new_code() -> str:
    """A code at random, in four groups of four: K7QM-3XPA-9TRD-WHE4."""
    return _written(secrets.randbelow(len(ALPHABET) ** SIGNS))


def code_of(nonce: str) -> str:
    """The code that belongs to one form: whoever sends the same form again on a bad line gets the same code."""
    digest = hmac.digest(_key("form"), f"code|{nonce}".encode(), "sha256")
    return _written(int.from_bytes(digest, "big") % len(ALPHABET) ** SIGNS)


def id_of(nonce: str, what: str) -> UUID:
    """The id of what one form makes: sent twice, it makes one thing."""
    return UUID(bytes=hmac.digest(_key("form"), f"{what}|{nonce}".encode(), "sha256")[:16], version=4)


def hash_of(typed: str) -> bytes:
    """What is looked for. Spaces, dashes, small letters and other scripts' digits do not matter; a code that cannot
    be one gives a hash too, so that every answer is made in the same way."""
    signs = ""
    for sign in typed[:100].upper():
        digit = unicodedata.decimal(sign, None)
        signs += str(digit) if digit is not None else sign if sign.isalnum() else ""
    well = len(signs) == SIGNS + 1 and set(signs) <= set(ALPHABET) and _check(signs[:SIGNS]) == signs[SIGNS]
    return hmac.digest(_key("code"), (signs if well else f"not a code|{signs}").encode(), "sha256")


def form_token(form: str) -> str:
    """A token for one showing of one form."""
    return signing.dumps([form, secrets.token_hex(12)], salt="door.form")


def read_form_token(token: str, form: str) -> str | None:
    """The number of the form, or None: forged, of another form, or too old."""
    try:
        found, nonce = signing.loads(token, salt="door.form", max_age=FORM_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(nonce) if found == form else None


def ticket_for(code: bytes) -> str:
    """What the page of a code carries from one form to the next."""
    return signing.dumps(code.hex(), salt="door.ticket")


def read_ticket(ticket: str) -> bytes | None:
    """The keyed hash that the ticket stands for, or None."""
    try:
        found = bytes.fromhex(signing.loads(ticket, salt="door.ticket", max_age=TICKET_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return found if len(found) == hashlib.sha256().digest_size else None
