"""The papers of the library and the authorities of its directory: read, checked, cited, their text taken out of files.

Pure: no database and no Django.
"""

from palermo.papers.authorities import Authority, read_authorities
from palermo.papers.citing import bibtex, plain, ris
from palermo.papers.reading import Problem, rows_of
from palermo.papers.records import KINDS, Paper, read, read_all, written
from palermo.papers.starter import starter

__all__ = [
    "KINDS",
    "Authority",
    "Paper",
    "Problem",
    "bibtex",
    "plain",
    "read",
    "read_all",
    "read_authorities",
    "ris",
    "rows_of",
    "starter",
    "written",
]
