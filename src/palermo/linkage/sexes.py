"""What lists write in the column for sex, as the people format says it. Data and a look-up, pure."""

_WRITTEN = {
    "female": "female f fem femenino feminino woman w girl femme fille féminin mujer mulher weiblich frau ж жен "
    "женский қыз әйел أنثى انثى امرأة بنت زن زنانہ عورت خاتون महिला स्त्री ሴት ຍິງ หญิง 女 nữ nu kadın kadin",
    "male": "male m man boy homme garçon masculin masculino hombre varon varón homem männlich mann м муж мужской "
    "ер ذكر رجل ولد مرد مردانہ पुरुष ወንድ ຊາຍ ชาย 男 nam erkek",
    "other": "other x o autre otro diverse third nonbinary non-binary transgender intersex अन्य তৃতীয়",
}
_SEX = {word: sex for sex, words in _WRITTEN.items() for word in words.split()}


def sex(text: str) -> str:
    """female, male, other, or "" where nothing or nothing known is written."""
    return _SEX.get(text.strip().casefold(), "")
