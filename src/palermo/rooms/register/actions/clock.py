"""The clock of the register: once a day, what was kept for undoing withdrawals is dropped when its days are over."""

from procrastinate.contrib.django import app


@app.periodic(cron="41 2 * * *")
@app.task(name="palermo.forget_withdrawn", queueing_lock="palermo.forget_withdrawn")
def forget_withdrawn(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.rooms.register.actions.withdrawing import forget_withdrawn as forget

    forget()
