"""A made-up object for every machine, so that the engine is tested without any room."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from django.db import models
from django.test.utils import isolate_apps

from palermo.kernel.access.actions import grant
from palermo.kernel.access.context import acting
from palermo.kernel.database.models import Record
from palermo.kernel.workflow.actions import begin
from palermo.standards.workflows import names

with isolate_apps("palermo.kernel.workflow"):

    class Ticket(Record):
        """An object with a state. In a registry of its own: the application never hears of it."""

        machine: ClassVar[str] = "case"

        state = models.CharField(max_length=30)
        risk = models.CharField(max_length=20, default="low")
        child = models.BooleanField(null=True)
        organisation_id = models.UUIDField(null=True)
        receiver_id = models.UUIDField(null=True)
        urgent = models.BooleanField(default=False)
        detained = models.BooleanField(default=False)
        served_at = models.DateTimeField(null=True)
        recovery_until = models.DateTimeField(null=True)
        valid_until = models.DateTimeField(null=True)
        turns_18_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "workflow"
            db_table = "workflow_ticket"

    def _of(name: str) -> type[Ticket]:
        meta = type("Meta", (), {"proxy": True, "app_label": "workflow"})
        body = {"machine": name, "Meta": meta, "__module__": __name__}
        return type(f"Ticket_{name}", (Ticket,), body)

    TICKETS: dict[str, type[Ticket]] = {name: _of(name) for name in names()}


CREATE = """
DROP TABLE IF EXISTS workflow_ticket;
CREATE TABLE IF NOT EXISTS workflow_ticket (
  id uuid PRIMARY KEY, version int NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
  state varchar(30) NOT NULL, risk varchar(20) NOT NULL, child boolean, organisation_id uuid,
  receiver_id uuid, urgent boolean NOT NULL, detained boolean NOT NULL, served_at timestamptz,
  recovery_until timestamptz, valid_until timestamptz, turns_18_at timestamptz);
GRANT SELECT, INSERT, UPDATE ON workflow_ticket TO palermo_app, palermo_job;
COMMENT ON TABLE workflow_ticket IS 'open: exists only while the engine is tested';
"""


@contextmanager
def ticket_table(cluster: Any) -> Iterator[None]:
    """The table of the made-up object, made and removed as the owner."""
    with psycopg.connect(cluster.dsn("palermo_owner"), autocommit=True) as connection:
        connection.execute(CREATE)
    yield
    with psycopg.connect(cluster.dsn("palermo_owner"), autocommit=True) as connection:
        connection.execute("SET lock_timeout = '10s'")
        connection.execute("DROP TABLE workflow_ticket")


def share(actor: Any, object_id: UUID, *others: Any) -> None:
    """Grants of the object, to its maker first."""
    for person in (actor, *others):
        grant(
            actor=actor.viewer, object_kind="ticket", object_id=object_id, grantee_kind="person",
            grantee_id=person.pk, scopes=("case",), purpose="test",
        )  # fmt: skip


def new_ticket(actor: Any, *others: Any, machine: str = "case", **values: Any) -> Ticket:
    """A ticket begun by `actor` and shared with the others; with a `state` it is put there without a history."""
    ticket = TICKETS[machine](**{"organisation_id": actor.viewer.organisation_id, **values})
    with acting(actor.viewer):
        share(actor, ticket.pk, *others)
        if not values.get("state"):
            begin(actor=actor.viewer, obj=ticket)
        else:
            ticket.save(force_insert=True)
    return ticket
