"""The clock of commands: answers whose time is over are forgotten daily."""

from procrastinate.contrib.django import app


@app.periodic(cron="23 3 * * *")
@app.task(name="palermo.forget_commands", queueing_lock="palermo.forget_commands")
def forget_commands(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.kernel.commands.actions import forget

    forget()
