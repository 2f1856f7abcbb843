"""The worker process: signs in as palermo_job and carries out effects until it is told to stop."""

import threading

from django.db import Error, connection
from procrastinate.contrib.django import app

LOOK_EVERY = 10.0  # seconds


def work() -> None:
    """Run until SIGTERM or SIGINT; jobs left over by a killed worker are taken up again."""
    from palermo.kernel.jobs.failing import log_failure

    ending = threading.Event()
    threading.Thread(target=_revive, args=(ending,), daemon=True, name="revive").start()
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    try:
        with worker_app.open():
            worker_app.run_worker(
                name="palermo", concurrency=2, install_signal_handlers=True, task_middleware=[log_failure]
            )
    finally:
        ending.set()


def _revive(ending: threading.Event) -> None:
    """Look again and again: a worker that starts at once after another was killed finds its heart still warm."""
    from palermo.kernel.jobs.queries import revive_stalled

    while True:
        try:
            revive_stalled()
        except Error:
            pass  # The database is away; it is asked again.
        finally:
            connection.close()
        if ending.wait(LOOK_EVERY):
            return
