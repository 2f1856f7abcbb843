"""The clock of access: once a day, counters whose time is over are forgotten."""

from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(name="palermo.forget_counters", queueing_lock="palermo.forget_counters")
def forget_counters(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.kernel.access.counters import forget_expired

    forget_expired()
