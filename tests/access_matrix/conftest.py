"""The story is told once for each module, in one transaction that is undone at its end; each request undoes itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from .matrix import PERSONAS
from .story import Story, tell


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[Story]:
    from django.conf import settings

    from palermo.kernel.access.cast import make_cast

    kept = settings.STORAGES
    # Pages are rendered here without a front-end build: static files keep their plain names.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**kept, "staticfiles": plain}
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            told = tell(make_cast())
            for persona in PERSONAS:
                told.client(persona)
            yield told
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            settings.STORAGES = kept


@pytest.fixture(autouse=True)
def _undo(story: Story) -> Iterator[None]:
    """Whatever a test itself writes goes back."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)
