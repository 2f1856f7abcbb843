"""The daily round at the door: forget what has been silent, hand over complaints that found nobody yet."""

from procrastinate.contrib.django import app


@app.periodic(cron="23 * * * *")
@app.task(name="palermo.door_round", queueing_lock="palermo.door_round")
def door_round(timestamp: int) -> None:
    """`timestamp` is Procrastinate's own, the time the round was due."""
    from palermo.rooms.door.actions.asking import sweep
    from palermo.rooms.door.actions.complaining import hand_over_waiting

    sweep()
    hand_over_waiting()
