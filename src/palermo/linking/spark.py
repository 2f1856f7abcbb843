"""The same linkage with its candidates and comparisons spread over the machines of a Spark cluster.

Every machine needs palermo and pyspark (the extra `spark`) and, in memory, the prepared lists and their keys: about a
gigabyte for a million records. Persons are put together on the machine that asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from palermo.estimating.inputs import Refused
from palermo.estimation import Problem
from palermo.linkage.spreading import Spread, parts

QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "OFF"}
PARTS_EACH = 4  # for each processor, so that a slow part does not keep all the others waiting


@contextmanager
def spread_over(master: str) -> Iterator[Spread]:
    """Work over the cluster at `master` ("local[2]", "spark://host:7077", "yarn").

    Raises Refused where pyspark is not installed or no such cluster answers.
    """
    session = _session(master)
    try:
        yield _over(session.sparkContext, master)
    finally:
        session.stop()


def _session(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _refused(master, "the extra spark is not installed: pip install 'palermo[spark]'") from None
    try:
        if master.startswith("local"):  # elsewhere each machine has a Python of its own
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        made = SparkSession.builder.master(master).appName("palermo link")
        for quiet, value in QUIET.items():
            made = made.config(quiet, value)
        return made.getOrCreate()
    except Exception as wrong:  # Java that is not there, a host that does not answer: whatever Spark raises
        said = str(wrong).strip().splitlines()
        raise _refused(
            master, f"Spark could not be started: {said[0] if said else type(wrong).__name__}"
        ) from None


def _refused(master: str, told: str) -> Refused:
    return Refused.inside("", [Problem("options", told, column="--spark", value=master)])


def _over(context: Any, master: str) -> Spread:
    def spread(
        work: Callable[[Any, int, int], Any], shared: Any, total: int, at_once: int
    ) -> Iterator[tuple[int, Any]]:
        wave = max(1, context.defaultParallelism * PARTS_EACH)
        cut = parts(total, max(1, min(at_once, -(-total // wave))))
        known = context.broadcast(shared)
        try:
            for begin in range(0, len(cut), wave):
                some = cut[begin : begin + wave]
                done = context.parallelize(some, len(some)).map(lambda part: work(known.value, *part))
                yield from zip((last for _first, last in some), _collected(done, master), strict=True)
        finally:
            known.unpersist()

    return spread


def _collected(done: Any, master: str) -> list[Any]:
    try:
        return list(done.collect())
    except Exception as wrong:  # the kind of the error only: its text may hold what a record says
        told = f"a machine of the cluster failed ({type(wrong).__name__}); has each of them palermo of this version?"
        raise _refused(master, told) from None
