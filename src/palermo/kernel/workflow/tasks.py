"""The clock of the workflow: every minute, what has come due."""

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="palermo.run_timer", queueing_lock="palermo.run_timer")
def run_timer(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.kernel.workflow.timer import run

    run()
