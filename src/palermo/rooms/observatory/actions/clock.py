"""The clock of the observatory: files whose time is over are deleted."""

from procrastinate.contrib.django import app


@app.periodic(cron="11 * * * *")
@app.task(name="palermo.observatory_round", queueing_lock="palermo.observatory_round")
def observatory_round(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the round was due."""
    from palermo.rooms.observatory.actions.exporting import delete_expired

    delete_expired()
