"""Whole numbers as forms and addresses say them."""

LONGEST = 9  # digits; the database's integers hold all of these


def whole(text: str, otherwise: int = 0) -> int:
    """The number that a text says in the digits 0 to 9; `otherwise` where it says none, or one of ten digits or more.

    `str.isdigit` alone takes "²" for a digit, of which `int` can make nothing.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST else otherwise
