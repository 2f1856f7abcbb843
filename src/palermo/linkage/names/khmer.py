"""Khmer script in rough Latin letters. Pure. Letters of both series are one; unwritten vowels are an a in a word."""

import re

_CONSONANTS = {
    "ក": "k", "ខ": "kh", "គ": "k", "ឃ": "kh", "ង": "ng", "ច": "ch", "ឆ": "ch", "ជ": "ch", "ឈ": "ch", "ញ": "nh",
    "ដ": "d", "ឋ": "th", "ឌ": "d", "ឍ": "th", "ណ": "n", "ត": "t", "ថ": "th", "ទ": "t", "ធ": "th", "ន": "n",
    "ប": "b", "ផ": "ph", "ព": "p", "ភ": "ph", "ម": "m", "យ": "y", "រ": "r", "ល": "l", "វ": "v", "ឝ": "s",
    "ឞ": "s", "ស": "s", "ហ": "h", "ឡ": "l", "អ": "",
}  # fmt: skip
_VOWELS = {
    "ា": "a", "ិ": "e", "ី": "i", "ឹ": "oe", "ឺ": "eu", "ុ": "o", "ូ": "ou", "ួ": "uo", "ើ": "eu", "ឿ": "eua",
    "ៀ": "ie", "េ": "e", "ែ": "e", "ៃ": "ai", "ោ": "o", "ៅ": "au", "ំ": "m", "ះ": "h", "ៈ": "a",
    "ឥ": "e", "ឦ": "i", "ឧ": "o", "ឩ": "ou", "ឪ": "ov", "ឫ": "roe", "ឬ": "reu", "ឭ": "loe", "ឮ": "leu", "ឯ": "e",
    "ឰ": "ai", "ឱ": "o", "ឲ": "o", "ឳ": "au",
}  # fmt: skip
_COENG = "្"
_MARKS = re.compile("[\u17c9-\u17cb\u17ce-\u17d1\u17d3\u17b4\u17b5]|.\u17cd")


def latin(run: str) -> str:
    """A run of Khmer letters in small Latin letters; a silent h before another consonant is left out."""
    text = re.sub("ហ្(?=[មនលវយរងញ])", "", _MARKS.sub("", run))
    made = ""
    waits = False
    joined = False
    for letter in text:
        if letter == _COENG:
            joined = True
            continue
        is_consonant = letter in _CONSONANTS
        if is_consonant and waits and not joined:
            made += "a"
        if letter == "ំ" and made and made[-1] not in "aeiou":
            made += "o"
        if is_consonant and not made and letter == "អ" and text[1:2] in _CONSONANTS:
            made = "a"
        made += _CONSONANTS.get(letter) or _VOWELS.get(letter, "")
        waits, joined = is_consonant, False
    return made
