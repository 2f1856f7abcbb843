"""The base of every editable record: a random key, a version for optimistic locking, and two times."""

import uuid
from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

from palermo.kernel.errors import NotFound, Stale


class Record(models.Model):
    """A row that people edit. Nothing is ever last-write-wins: changes go through `change`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def change(
        self, values: Mapping[str, Any], *, expected_version: int, base: Mapping[str, Any] | None = None
    ) -> Self:
        """Save `values` if the row still has `expected_version`; else raise `Stale` with all three versions.

        `base` is what the person saw before editing. The row is locked, so two savers queue and the
        second one learns of the first. Rows that point to this one are still made meanwhile: only what differs is
        written, for naming a unique column locks its row against them too, even when it stays the same.
        Must run inside a transaction.
        """
        model = type(self)
        rows = model._default_manager.select_for_update(of=("self",), no_key=True)
        current = rows.filter(pk=self.pk).first()
        if current is None:
            raise NotFound()
        if current.version != expected_version:
            theirs = {name: getattr(current, name) for name in values}
            raise Stale(
                _("Somebody else has changed this record since you opened it. Nothing was saved."),
                base=base,
                mine=values,
                theirs=theirs,
            )
        changed = [name for name, value in values.items() if getattr(current, name) != value]
        for name, value in values.items():
            setattr(current, name, value)
        current.version += 1
        current.save(update_fields=[*changed, "version", "updated_at"])
        for name in (*values, "version", "updated_at"):
            setattr(self, name, getattr(current, name))
        return self
