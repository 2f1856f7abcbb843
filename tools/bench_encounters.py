"""A vessel with 200 persons: taken in from one paste, seen on one board, moved together."""

import uuid
from typing import Any

from bench_measure import Figure, client_of, page, ready, scaled, timed

TARGET = "under 30 s"
AID = ("medical", "food", "water", "interpreter")


def _event(cast: Any) -> Any:
    from palermo.kernel.access.context import acting
    from palermo.rooms.encounters import actions

    with acting(cast.case_worker.viewer) as viewer:
        return actions.open_event(actor=viewer, kind="vessel", place="North pier")


def figures(scale: float) -> list[Figure]:
    cast = ready()
    from palermo.kernel.access.context import acting
    from palermo.rooms.encounters import actions
    from palermo.rooms.encounters.models import Migrant

    number = scaled(200, scale, 20)
    event = _event(cast)
    text = "\n".join(f"W{n:03};{n % 60};{'fm'[n % 2]};ar fr;;;" for n in range(1, number + 1))

    def take_in() -> None:
        with acting(cast.case_worker.viewer) as viewer:
            actions.add_lines(actor=viewer, event=event, text=text, key=uuid.uuid4())

    def together() -> None:
        with acting(cast.case_worker.viewer) as viewer:
            for change in (
                lambda chosen: actions.aid_many(actor=viewer, event=event, chosen=chosen, given=AID),
                lambda chosen: actions.move_many(actor=viewer, event=event, step="stabilise", chosen=chosen),
            ):
                chosen = dict(Migrant.objects.filter(event_id=event.pk).values_list("pk", "version"))
                assert change(chosen).refused == []

    taken, moved = timed(take_in), timed(together)
    client = client_of(cast.case_worker)
    page(client, "/encounters/")
    board = timed(lambda: page(client, f"/encounters/{event.pk}/"))
    table = timed(lambda: page(client, f"/encounters/{event.pk}/table/"))
    return [
        Figure(
            f"intake of {number} persons",
            TARGET,
            taken / 1000,
            "s",
            taken < 30_000,
            beside="one paste, with clocks",
        ),
        Figure(
            f"{number} persons stabilised together",
            "",
            moved / 1000,
            "s",
            beside="each by itself, with audit",
        ),
        Figure(f"board of {number} persons", "", board, "ms"),
        Figure(f"table of {number} persons", "", table, "ms"),
    ]
