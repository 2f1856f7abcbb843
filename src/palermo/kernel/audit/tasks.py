"""The clock of the audit: a signed checkpoint every five minutes in which something happened."""

from procrastinate.contrib.django import app


@app.periodic(cron="*/5 * * * *")
@app.task(name="palermo.sign_checkpoint", queueing_lock="palermo.sign_checkpoint")
def sign_checkpoint(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the run was due."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.audit.actions import checkpoint_if_due

    with acting(Viewer.operator()) as operator:
        checkpoint_if_due(actor=operator)
