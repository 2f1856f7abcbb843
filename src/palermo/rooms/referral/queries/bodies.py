"""What is told, as the text that is sealed: category -> words, in one canonical form."""

import json
from collections.abc import Mapping


def write(words: Mapping[str, str]) -> str:
    """The canonical text; empty for nothing."""
    kept = {code: text.strip() for code, text in words.items() if text.strip()}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""


def read(text: str | None) -> dict[str, str]:
    """What was written; nothing for an empty text or one that does not open."""
    found = json.loads(text) if text else {}
    return {str(code): str(words) for code, words in found.items()}
