"""The clock of the observatory: files whose time is over are deleted, dashboards that are behind are computed."""

from procrastinate.contrib.django import app


@app.periodic(cron="11 * * * *")
@app.task(name="palermo.observatory_round", queueing_lock="palermo.observatory_round")
def observatory_round(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the round was due."""
    from palermo.rooms.observatory.actions.exporting import delete_expired

    delete_expired()


@app.periodic(cron="* * * * *")
@app.task(name="palermo.observatory_live", queueing_lock="palermo.observatory_live")
def observatory_live(timestamp: int) -> None:
    """What came in while the last figures were being computed."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.observatory.actions.live import ask_for_all_behind

    with acting(Viewer.operator()):
        ask_for_all_behind()
