"""Texts cut into passages that a model reads whole: at the ends of sentences, about 200 tokens each."""

import hashlib
import re

LONGEST = 900
LONGEST_CHINESE = 300
END = re.compile(r"(?<=[.!?؟。！？\n])\s*")
HAN = re.compile(r"[\u3400-\u9fff]")


def passages(text: str) -> tuple[str, ...]:
    """The passages of a text, in its order; none of an empty one. What has no sentences is cut by length."""
    longest = LONGEST_CHINESE if len(HAN.findall(text)) * 3 > len(text) else LONGEST
    found, held = [], ""
    for sentence in END.split(text.strip()):
        for piece in (sentence[i : i + longest] for i in range(0, len(sentence), longest)):
            if held and len(held) + len(piece) >= longest:
                found.append(held)
                held = ""
            held = f"{held} {piece}".strip()
    return (*found, held) if held else tuple(found)


def fingerprint(text: str) -> str:
    """The same for the same text: what tells whether a vector is still that of its passage."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
