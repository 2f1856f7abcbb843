r"""A paper as it is cited: in one line, as BibTeX, as RIS.

BibTeX: braces, backslash and the signs that TeX reads are written as commands; the key is the id. RIS: one line a
field, so that no text can begin a field of its own.
"""

from palermo.papers.records import Paper

TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
RIS_KINDS = {"model_law": "STAT", "digest": "CASE", "form": "GEN"}


def makers(paper: Paper) -> tuple[str, ...]:
    """Who is cited: the authors, else the bodies, else the publisher."""
    return paper.authors or paper.bodies or ((paper.publisher,) if paper.publisher else ())


def plain(paper: Paper, address: str = "", language: str = "") -> str:
    """Who, title, who published it, year, symbol, ISBN, DOI; where its record stands."""
    _code, title = paper.title(language)
    publisher = paper.publisher if paper.publisher not in makers(paper) else ""
    parts = [
        "; ".join(makers(paper)), title, publisher, str(paper.year or ""), paper.symbol,
        f"ISBN {paper.isbn}" if paper.isbn else "", f"https://doi.org/{paper.doi}" if paper.doi else paper.link,
        address,
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def tex(text: str) -> str:
    """The text as TeX prints it."""
    return "".join(TEX.get(sign, sign) for sign in " ".join(text.split()))


def bibtex(paper: Paper, address: str = "", language: str = "") -> str:
    """One entry. A body is in braces of its own, or it would be read as a first and a last name."""
    code, title = paper.title(language)
    told = {
        "author": " and ".join(_name(paper, one) for one in makers(paper)),
        "title": "{" + tex(title) + "}",
        "institution": tex(paper.publisher),
        "year": str(paper.year or ""),
        "number": tex(paper.symbol),
        "isbn": tex(paper.isbn),
        "doi": tex(paper.doi),
        "url": paper.link.replace("\\", "").replace("{", "%7B").replace("}", "%7D"),
        "language": tex(code),
        "note": tex(address),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in told.items() if value]
    return "\n".join([f"@techreport{{{paper.palermo_id},", *lines, "}", ""])


def _name(paper: Paper, one: str) -> str:
    return tex(one) if paper.authors else "{" + tex(one) + "}"


def ris(paper: Paper, address: str = "", language: str = "") -> str:
    """One reference, with CR LF as the form asks."""
    code, title = paper.title(language)
    told = [
        ("TY", RIS_KINDS.get(paper.kind, "RPRT")), *(("AU", one) for one in makers(paper)), ("TI", title),
        ("PB", paper.publisher), ("PY", str(paper.year or "")), ("M1", paper.symbol), ("SN", paper.isbn),
        ("DO", paper.doi), ("UR", paper.link), ("LA", code), *(("KW", one) for one in paper.concepts),
        ("N1", address), ("ID", paper.palermo_id),
    ]  # fmt: skip
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in told if text]
    return "\r\n".join([*lines, "ER  - ", ""])
