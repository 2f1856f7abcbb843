"""A checkpoint is signed with a key from outside the database and kept in a file."""

from pathlib import Path
from typing import Any

import pytest

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit import checkpoint as notes
from palermo.kernel.audit.actions import checkpoint, checkpoint_if_due, record
from palermo.kernel.audit.models import Head
from palermo.kernel.audit.tasks import sign_checkpoint
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


def test_the_clock_signs_only_what_is_new(people: Any, settings: Any, tmp_path: Path) -> None:
    settings.PALERMO_HOME = tmp_path
    with acting(Viewer.operator()) as operator:
        record(actor=operator, action="test.entry.make")
        assert checkpoint_if_due(actor=operator) is not None
        assert checkpoint_if_due(actor=operator) is None
        record(actor=operator, action="test.entry.make")
    sign_checkpoint(0)
    stored = next((tmp_path / "checkpoints").glob("2*.txt")).read_text()
    sizes = [int(note.split("\n")[1]) for note in notes.split(stored)]
    assert len(sizes) == 2
    assert sizes[0] < sizes[1]


def test_a_case_worker_makes_no_checkpoint(people: Any) -> None:
    with acting(people.case_worker.viewer) as viewer, pytest.raises(Refused):
        checkpoint(actor=viewer)
