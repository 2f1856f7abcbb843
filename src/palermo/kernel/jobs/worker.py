"""The worker process: signs in as palermo_job and carries out effects until it is told to stop."""

from procrastinate.contrib.django import app


def work() -> None:
    """Run until SIGTERM or SIGINT; jobs left over by a killed worker are taken up again."""
    from palermo.kernel.jobs.queries import revive_stalled

    revive_stalled()
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    with worker_app.open():
        worker_app.run_worker(name="palermo", concurrency=2, install_signal_handlers=True)
