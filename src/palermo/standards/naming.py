"""Words compared across their endings: light rules for six languages, for naming concepts and not for linguistics."""

from functools import lru_cache

from palermo.standards.countries import fold

# Folded, as they come out of `fold` (й is и there): the longest first. What is left keeps at least SHORTEST letters.
ENDINGS = {
    "ru": (
        "иями", "ием", "иеи", "иям", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "ии",
        "ия", "ие", "ию", "ои", "еи", "ыи", "ая", "яя", "ое", "ее", "ые", "ую", "юю", "ых", "их", "ым",
        "им", "ов", "ев", "ам", "ям", "ах", "ях", "ом", "ем", "а", "я", "о", "е", "ы", "и", "у", "ю", "ь",
    ),
    "en": ("s",),
    "fr": ("es", "s", "e"),
    "es": ("es", "s", "a", "o"),
    "ar": ("ات", "ين", "ون", "ها", "هم", "ه", "ة", "ا"),
}  # fmt: skip
BEGINNINGS = ("وال", "بال", "كال", "فال", "لل", "ال")
SHORTEST = {"ar": 3}
LEAST = 4


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """A folded word without its ending (and, in Arabic, without its article)."""
    least = SHORTEST.get(language, LEAST)
    if language == "ar":
        begun = next(
            (one for one in BEGINNINGS if word.startswith(one) and len(word) - len(one) >= least), ""
        )
        word = word[len(begun) :]
    ending = next(
        (e for e in ENDINGS.get(language, ()) if word.endswith(e) and len(word) - len(e) >= least), ""
    )
    return word[: len(word) - len(ending)] if ending else word


def plain(text: str, language: str) -> str:
    """A text as stems with single blanks between them; Chinese, which writes no blanks, folded only."""
    folded = fold(text)
    return folded if language == "zh" else " ".join(stem(word, language) for word in folded.split())


def named_in(text: str, name: str, language: str) -> bool:
    """Whether a plain text has a plain name in it: as whole words, in Chinese anywhere."""
    return name in text if language == "zh" else f" {name} " in f" {text} "
