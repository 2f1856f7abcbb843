"""A checkpoint is signed with a key from outside the database and kept in a file."""

from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit import checkpoint as notes
from palermo.kernel.audit.actions import checkpoint, record
from palermo.kernel.audit.models import Head
from palermo.kernel.errors import Refused


def test_a_checkpoint_fixes_the_head(people: Any, settings: Any, tmp_path: Path) -> None:
    settings.PALERMO_HOME = tmp_path
    with acting(Viewer.operator()) as operator:
        record(actor=operator, action="test.entry.make")
        text = checkpoint(actor=operator)
        head = Head.objects.get()
    key = (tmp_path / "checkpoints" / "audit.pub").read_text()
    stored = next((tmp_path / "checkpoints").glob("2*.txt")).read_text()
    point = notes.read(text, key)
    assert notes.split(stored) == [text]
    assert (point.origin, point.size, point.root) == (str(head.origin), head.seq, bytes(head.hash))


def test_a_case_worker_makes_no_checkpoint(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Refused):
        checkpoint(actor=viewer)
