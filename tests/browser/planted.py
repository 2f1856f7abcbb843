"""Where a name could have leaked to: every table, every log of an instance, and the pages of a role."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from palermo.kernel.database import launcher

# Temporary tables are seen by the session alone that made them, and are gone with it: none else may read them.
TABLES = """
SELECT schemaname, tablename FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname !~ '^pg_temp_'
"""

# Pages read for each role: those of its menu and home, and those that these lead to.
MOST = (16, 8)


def now(home: Path) -> int:
    """The transaction that comes next: what is written from here on has this number or a higher one."""
    with psycopg.connect(launcher.ensure_running(home).superuser_dsn("palermo")) as connection:
        row = connection.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()
    assert row
    return int(row[0])


def tables_with(home: Path, words: Iterable[str], *, since: int) -> list[str]:
    """Tables in which a word can be read, as text or as the bytes of a text; jobs, mails and sessions among them.

    Only rows written by transaction `since` or later are read: the demonstration around the story is large.
    """
    wanted = [f"%{form}%" for word in words for form in (word, word.encode().hex())]
    found = []
    with psycopg.connect(launcher.ensure_running(home).superuser_dsn("palermo")) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            query = sql.SQL(
                "SELECT count(*) FROM {} AS t WHERE xmin::text::bigint >= %s AND t::text ILIKE ANY (%s)"
            ).format(sql.Identifier(schema, table))
            row = connection.execute(query, [since, wanted]).fetchone()
            if row and row[0]:
                found.append(f"{schema}.{table}: {row[0]}")
    return found


def logs(home: Path, output: IO[str] | None) -> str:
    """What the instance has written: its log files, and what it said on its way so far."""
    said = "".join(file.read_text(errors="replace") for file in (home / "log").glob("*") if file.is_file())
    if output is None:
        return said
    os.set_blocking(output.fileno(), False)
    try:
        while piece := os.read(output.fileno(), 65536):
            said += piece.decode(errors="replace")
    except BlockingIOError:
        pass
    finally:
        os.set_blocking(output.fileno(), True)
    return said


def pages_with(page: Any, words: Iterable[str]) -> list[str]:
    """Pages that the menu and the lists of somebody lead to, in which a word can be read; two steps deep."""
    base, listed = "/".join(page.url.split("/", 3)[:3]), list(words)
    seen: dict[str, str] = {}
    for most in MOST:
        new = page.locator("a[href^='/']") if not seen else None
        links = new.evaluate_all("all => all.map(a => a.getAttribute('href'))") if new else _inside(seen)
        for link in [one for one in dict.fromkeys(links) if _is_page(one) and one not in seen][:most]:
            answer = page.request.get(base + link)
            seen[link] = answer.text() if "html" in answer.headers.get("content-type", "") else ""
    return [link for link, text in seen.items() if any(word in text + link for word in listed)]


def _inside(pages: dict[str, str]) -> list[str]:
    return [part.split('"', 1)[0] for text in pages.values() for part in text.split('href="')[1:]]


def _is_page(link: str) -> bool:
    """Not a way out, and nothing that would sign out or leave."""
    return (
        link.startswith("/")
        and not link.startswith(("/static", "/account", "/leave"))
        and "format=" not in link
    )
