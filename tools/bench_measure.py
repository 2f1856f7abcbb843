"""What every bench shares: a figure, a clock, a count of statements, a signed-in client."""

import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Figure:
    """One line of the table. `met` is None where nothing is promised or nothing could be measured."""

    name: str
    target: str
    measured: float | None
    unit: str
    met: bool | None = None
    p95: float | None = None
    beside: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def not_measured(name: str, target: str, unit: str, why: str) -> Figure:
    return Figure(name, target, None, unit, None, beside=f"not measured: {why}")


def tell(message: str) -> None:
    print(f"  {message}", file=sys.stderr, flush=True)


def scaled(number: int, scale: float, least: int = 1) -> int:
    return max(least, round(number * scale))


def timed(call: Callable[[], Any]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The smallest value that 95 % of all do not exceed."""
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]


def client_of(member: Any) -> Any:
    """A client of the WSGI handler in this process, signed in as a member of the cast."""
    from palermo.kernel.access.cast import signed_in_client

    client = signed_in_client(member)
    client.defaults["SERVER_NAME"] = "localhost"
    return client


def page(client: Any, path: str) -> Any:
    """A page that must answer 200."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    return answer


def statements(client: Any, path: str) -> int:
    """How many SQL statements a page takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        page(client, path)
    return len(captured)


def ready() -> Any:
    """This process is a palermo on PALERMO_HOME with the accounts of the demonstration; gives the cast."""
    from bench_country import accounts

    from palermo.cli import prepare
    from palermo.serving import collect_static

    prepare()
    collect_static(tell)
    return accounts()


def superuser() -> Any:
    """A connection past all walls, to prepare and to compare."""
    import os

    import psycopg

    from palermo.kernel.database import launcher

    cluster = launcher.ensure_running(Path(os.environ["PALERMO_HOME"]))
    return psycopg.connect(cluster.superuser_dsn("palermo"), autocommit=True)
