"""Letters of other scripts in rough Latin, for matching names only (never for display). Data, no logic.

Scripts without a table here are romanised by anyascii; where a table stands, it was measured or read to be better
for names (`docs/methods/names.md` says how far). Consonants matter most: the sound key skips vowels.
"""

# Short vowels are not written: what comes out is consonants and long vowels; `arabic.py` reads w and y.
ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ى": "a", "ئ": "y", "ؤ": "w", "ء": "", "ع": "a",
    "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ة": "a", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh",
    "د": "d", "ڈ": "d", "ذ": "dh", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "dh", "ط": "t", "ظ": "dh", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "ک": "k", "گ": "g",
    "ل": "l", "م": "m", "ن": "n", "ں": "n", "ه": "h", "ہ": "h", "ھ": "h", "ە": "a", "ۀ": "h", "و": "w",
    "ۆ": "o", "ۇ": "u", "ي": "y", "ی": "y", "ې": "y", "ۍ": "y", "ێ": "e", "ړ": "r", "ښ": "sh", "ځ": "dz",
    "څ": "ts", "ټ": "t", "ډ": "d", "ڼ": "n", "ږ": "g", "ے": "e", "ۓ": "e", "ۂ": "h", "ۃ": "a", "ڵ": "l",
    "ڕ": "r", "ڬ": "g", "ڭ": "ng", "ڠ": "ng", "ڽ": "ny", "ۋ": "w", "ۈ": "u", "ۉ": "o", "ڃ": "ny",
}  # fmt: skip

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "ғ": "gh", "д": "d", "ђ": "dj", "ѓ": "gj", "е": "e",
    "ё": "yo", "є": "ye", "ж": "zh", "җ": "j", "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ї": "yi", "й": "y",
    "ј": "y", "к": "k", "қ": "q", "л": "l", "љ": "ly", "м": "m", "н": "n", "њ": "ny", "ң": "ng", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "ќ": "k", "у": "u", "ў": "u", "ү": "u",
    "ұ": "u", "ф": "f", "х": "kh", "ҳ": "h", "һ": "h", "ц": "ts", "ч": "ch", "ҷ": "j", "џ": "dzh", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ә": "a", "ӣ": "i", "ӯ": "u",
    "ҡ": "q", "ҙ": "z", "ҫ": "s", "ӡ": "dz", "ӏ": "", "ҕ": "g", "ҥ": "n", "ѐ": "e", "ѝ": "i", "ѣ": "e",
}  # fmt: skip

GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "y", "φ": "f", "χ": "kh", "ψ": "ps", "ω": "o",
}  # fmt: skip

# Greek digraphs, read before single letters; the second form is at the start of a word.
GREEK_PAIRS = {
    "ου": ("u", "u"), "μπ": ("mb", "b"), "ντ": ("nt", "d"), "γκ": ("ng", "g"), "γγ": ("ng", "ng"),
    "τζ": ("tz", "tz"), "ευ": ("ev", "ev"), "αυ": ("av", "av"), "γχ": ("nkh", "nkh"),
}  # fmt: skip

# Latin letters as people write them who lack them. (anyascii has the rest.)
LATIN = {"ə": "a", "ʻ": "", "ʼ": "", "ƣ": "gh", "đ": "d", "ħ": "h", "ð": "d", "ı": "i", "ʿ": "", "ʾ": ""}

# Hebrew by its twins in Arabic script: both leave vowels unwritten and use letters for the long ones.
HEBREW_AS_ARABIC = str.maketrans({
    "א": "ا", "ב": "ب", "ג": "گ", "ד": "د", "ה": "ه", "ו": "و", "ז": "ز", "ח": "ح", "ט": "ط", "י": "ي", "כ": "ک",
    "ך": "ک", "ל": "ل", "מ": "م", "ם": "م", "נ": "ن", "ן": "ن", "ס": "س", "ע": "ع", "פ": "پ", "ף": "پ", "צ": "څ",
    "ץ": "څ", "ק": "ق", "ר": "ر", "ש": "ش", "ת": "ت",
})  # fmt: skip
HEBREW_PAIRS = {
    "ג׳": "ج", "ג'": "ج", "צ׳": "چ", "צ'": "چ", "ז׳": "ژ", "ז'": "ژ",
    "װ": "وو", "ױ": "وي", "ײ": "يي", "וו": "و",
}  # fmt: skip
