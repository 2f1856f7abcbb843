"""The clock of access: failed sign-ins are told after each hour, counters whose time is over are forgotten daily."""

from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(name="palermo.forget_counters", queueing_lock="palermo.forget_counters")
def forget_counters(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.kernel.access.counters import forget_expired

    forget_expired()


@app.periodic(cron="2 * * * *")
@app.task(name="palermo.report_failed_sign_ins", queueing_lock="palermo.report_failed_sign_ins")
def report_failed_sign_ins(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.kernel.access.failures import report

    report()
