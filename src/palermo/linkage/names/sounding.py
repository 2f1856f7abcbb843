"""The sounds of a part of a name: Daitch-Mokotoff codes of all its readings. Pure.

Two parts sound alike if they share a code. The published code knows Eastern Europe. Before it is asked, a part is
spelt as the code expects it (Indic bh as b, French ou as u or w), and where a spelling can be read in two ways (dh as
d or z, w as a vowel, al- as an article) each way gives codes.
"""

import re
from functools import lru_cache

from palermo.linkage.names import daitch

MOST_SOUNDS = 6

# Always respelt, in this order.
_ALWAYS = tuple(
    (re.compile(pattern), out)
    for pattern, out in (
        (r"ou(?=[aei])", "w"),
        (r"ou|oo", "u"),
        (r"([bgjk])h", r"\1"),
        (r"chh", "ch"),
        (r"of+$", "ov"),
        (r"xh|dsch|dj", "j"),
        (r"^hs", "sh"),
    )
)
# A word without any of these is spelt as it should be.
_MAY_CHANGE = re.compile(r"[bgjkcx]h|o[uof]|d[js]|^hs")

# A second way to read the part: where the pattern is, with it replaced. Each doubles the readings so far.
_OTHERWISE = tuple(
    (re.compile(pattern), out)
    for pattern, out in (
        (r"dh", "z"),
        (r"th", "s"),
        (r"(?<=[aeiou])w(?=[^aeiouy]|$)", ""),
        (r"(?<=[a-z])h(?=[bcdfgjklmnpqrstvwxz])", "ha"),
        (r"(?<=[aeou])[iy](?=[aeiou])", ""),
        (r"(?<=[aeiou])j(?=[aeiou])", "zh"),
        (r"(?<=a)w(?=[uo])|(?<=u)w(?=[aei])", ""),
        (r"(?<=[bcdghkqrstz])w(?=[aeiou])|(?<=^n)w", "u"),
        (r"gb", "b"),
        (r"^[yj](?=e)", ""),
        (r"x", "s"),
        (r"or(?=ng|[nm]e?$)", "o"),
        (r"^[ae]l(?=[^aeiouyl][a-z]{3})", ""),
    )
)
_TWO_WAYS = re.compile(
    r"[dt]h|w|[a-z]h(?![aeiouy])|[aeou][iy][aeiou]|[aeiou]j[aeiou]|^[yj]e|x|gb|or[nm]|^[ae]l[^aeiouyl]"
)


@lru_cache(maxsize=1 << 18)
def sounds(part: str) -> tuple[str, ...]:
    """At most six codes of six digits, sorted; nothing for an initial or a text without Latin letters."""
    if len(part) < 2:
        return ()
    if _MAY_CHANGE.search(part):
        for pattern, out in _ALWAYS:
            part = pattern.sub(out, part)
    if not _TWO_WAYS.search(part):
        return daitch.codes(part)[:MOST_SOUNDS]
    found: dict[str, None] = {}
    for reading in _readings(part):
        found |= dict.fromkeys(daitch.codes(reading))
        if len(found) >= MOST_SOUNDS:
            break
    return tuple(sorted(list(found)[:MOST_SOUNDS]))


def _readings(part: str) -> list[str]:
    """The part as it is heard first, then its other readings; dh and th without their h where they are not z or s."""
    ways = [part]
    for pattern, out in _OTHERWISE:
        if pattern.search(part):
            ways += [pattern.sub(out, way) for way in ways]
    return list(dict.fromkeys(way.replace("dh", "d").replace("th", "t") for way in ways))
