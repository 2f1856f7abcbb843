"""Letters of other scripts to rough Latin, for matching names only (never for display). Data, no logic.

Covered: Arabic with Persian, Urdu, Pashto, Kurdish letters; Cyrillic with Ukrainian, Serbian, Central
Asian letters; Greek; Latin letters that Unicode does not decompose. Not covered: Hebrew, Ethiopic,
Georgian, Armenian, South and East Asian scripts; names in these match letter by letter in their own script
only.
"""

# Short vowels are not written in Arabic script: what comes out is consonants and long vowels.
ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ى": "a", "ئ": "y", "ؤ": "w", "ء": "", "ع": "a",
    "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ة": "a", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh",
    "د": "d", "ڈ": "d", "ذ": "dh", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "dh", "ط": "t", "ظ": "dh", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "ک": "k", "گ": "g",
    "ل": "l", "م": "m", "ن": "n", "ں": "n", "ه": "h", "ہ": "h", "ھ": "h", "ە": "a", "ۀ": "h", "و": "w",
    "ۆ": "o", "ۇ": "u", "ي": "y", "ی": "y", "ې": "y", "ۍ": "y", "ێ": "e", "ړ": "r", "ښ": "sh", "ځ": "dz",
    "څ": "ts", "ټ": "t", "ډ": "d", "ڼ": "n", "ږ": "g", "ے": "e", "ۓ": "e",
}  # fmt: skip

CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "ғ": "gh", "д": "d", "ђ": "dj", "ѓ": "gj", "е": "e",
    "ё": "yo", "є": "ye", "ж": "zh", "җ": "j", "з": "z", "ѕ": "dz", "и": "i", "і": "i", "ї": "yi", "й": "y",
    "ј": "y", "к": "k", "қ": "q", "л": "l", "љ": "ly", "м": "m", "н": "n", "њ": "ny", "ң": "ng", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "ch", "ќ": "k", "у": "u", "ў": "u", "ү": "u",
    "ұ": "u", "ф": "f", "х": "kh", "ҳ": "h", "һ": "h", "ц": "ts", "ч": "ch", "ҷ": "j", "џ": "dzh", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ә": "a", "ӣ": "i", "ӯ": "u",
}  # fmt: skip

GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "y", "φ": "f", "χ": "kh", "ψ": "ps", "ω": "o",
}  # fmt: skip

# Latin letters that NFKD leaves whole. The bare letter is what a form without the letter would show.
LATIN = {
    "ø": "o", "ł": "l", "đ": "dj", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h",
    "ŧ": "t", "ʻ": "", "ʼ": "", "ß": "ss", "ƣ": "gh", "ŋ": "ng",
}  # fmt: skip

TO_LATIN = ARABIC | CYRILLIC | GREEK | LATIN

# Greek digraphs, read before single letters.
GREEK_PAIRS = {"ου": "u", "μπ": "b", "ντ": "d", "γκ": "g", "τζ": "j", "γγ": "ng", "ευ": "ev", "αυ": "av"}

# Articles, links and descent words that come and go between documents. Dropped while another token stays.
PARTICLES = frozenset(
    (
        "al",
        "el",
        "ul",
        "ol",
        "as",
        "ash",
        "ar",
        "an",
        "ad",
        "at",
        "az",
        "es",
        "er",
        "en",
        "ed",
        "et",
        "ez",
        "bin",
        "ben",
        "ibn",
        "bint",
        "bent",
        "binti",
        "bn",
        "bnt",
        "ould",
        "ag",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "la",
        "le",
        "les",
        "y",
        "e",
        "zu",
        "zum",
        "of",
        "the",
        "mac",
    )
)

# Endings of the article merged with the word before it: Abd al-Rahman, Abdurrahman; Nur al-Din, Nuruddin.
SERVANT = ("abd", "abdo", "abdu", "abdul", "abdel", "abdal", "abdol", "abdoul", "abdool", "bd")
FAITH = frozenset(
    ("din", "deen", "dine", "dyn", "ddin", "eddin", "eddine", "uddin", "addin", "aldin", "adin")
)

# Spellings that no rule of sound brings together: abbreviations, h/g between Ukrainian and Russian, common
# forms.
FORMS = {
    "md": "mohamad", "mohd": "mohamad", "mhd": "mohamad", "muhd": "mohamad", "mamadou": "mohamad",
    "mamadu": "mohamad", "magomed": "mohamad", "mahomed": "mohamad", "moh": "mohamad",
    "oleh": "oleg", "olha": "olga", "ihor": "igor", "serhii": "sergi", "serhiy": "sergi", "serhij": "sergi",
    "serhi": "sergi", "hryhorii": "grigori", "hryhoriy": "grigori", "grygorii": "grigori", "halyna": "galina",
    "bohdan": "bogdan", "bohdana": "bogdana", "yevhen": "evgen", "yevhenii": "evgeni", "yevheniy": "evgeni",
    "yevhenia": "evgenia", "yevheniia": "evgenia", "heorhii": "georgi", "heorhiy": "georgi", "hanna": "ana",
    "ganna": "ana", "anna": "ana", "ann": "ana", "mykola": "nikola", "nikolai": "nikola", "nikolay": "nikola",
    "mykhailo": "mikhail", "mikhailo": "mikhail", "mikhaylo": "mikhail", "michael": "mikhail",
    "mihail": "mikhail", "volodymyr": "vladimir", "dmytro": "dmitri", "kateryna": "katerina",
    "ekaterina": "katerina", "yekaterina": "katerina", "catherine": "katerina", "pavlo": "pavel",
    "petro": "petr", "pyotr": "petr", "piotr": "petr", "peter": "petr", "joseph": "yusuf", "josef": "yusuf",
    "jusuf": "yusuf", "brahim": "ibrahim", "reza": "ridha", "rida": "ridha", "rza": "ridha",
    "ramazan": "ramadan", "ramzan": "ramadan", "davud": "dawud", "davood": "dawud", "gamal": "jamal",
    "eva": "eva", "ewa": "eva", "helena": "elena", "olena": "elena", "natalka": "natalia", "vasyl": "vasili",
    "andrii": "andrei", "andriy": "andrei", "oleksii": "aleksei", "oleksiy": "aleksei", "fazil": "fadil",
    "omar": "umar", "amr": "amru", "amro": "amru", "amrw": "amru", "abubakar": "abubakr", "boubacar": "abubakr",
    "hatice": "khadija", "hatije": "khadija", "mustapha": "mustafa", "taha": "taha", "isa": "isa", "issa": "isa",
}  # fmt: skip
