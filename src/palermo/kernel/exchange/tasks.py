"""The clock of the exchange: what is due is attempted."""

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="palermo.exchange_turn", queueing_lock="palermo.exchange_turn")
def exchange_turn(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the round was due."""
    from palermo.kernel.exchange.actions import turn

    turn()
