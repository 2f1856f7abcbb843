"""A study with a published form, a device, and a way to send what the device fills in."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.jobs.models import Effect
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions.demo import CSV, PILOT
from palermo.rooms.observatory.models import DeviceAccount, FormVersion, Study

VERSION = "2026010101"
VALUES = {
    "code": "trial-1", "title": "Trial of the routes", "kind": "survey", "round": 1, "country": "XPA",
    "ethics_reference": "Invented board, 2026/1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are taken without the seconds of the validator; `test_publishing` asks the validator itself."""
    for place in ("converting", "publishing"):
        monkeypatch.setattr(f"palermo.rooms.observatory.actions.{place}.validate", lambda xml: "a test")


def opened(member: Any, **changed: Any) -> Study:
    with acting(member.viewer) as viewer:
        return actions.open_study(actor=viewer, values={**VALUES, **changed})


def published(member: Any, study: Study, source: str = PILOT, media: bool = True) -> FormVersion:
    with acting(member.viewer) as viewer:
        version = actions.add_form(actor=viewer, study=study, source=source.encode(), kind="md")
        if media:
            actions.add_media(actor=viewer, version=version, name="sites.csv", content=CSV.encode())
        return actions.publish_form(actor=viewer, version=version, expected_version=version.version)


def device(member: Any, study: Study, label: str = "E-01", **more: Any) -> Any:
    with acting(member.viewer) as viewer:
        return actions.make_device(
            actor=viewer, study=study, label=label, **{"site": None, "days": 30, **more}
        )


@pytest.fixture
def field(db: None, people: Any, unjudged: None) -> Any:
    """study, version and one device whose key is in its address; `people` are who they are everywhere."""
    return tell(people)


def tell(people: Any) -> Any:
    study = opened(people.analyst)
    version = published(people.analyst, study)
    issued = device(people.analyst, study, in_address=True)
    base = f"/o/key/{issued.secret}/{study.code}"
    return SimpleNamespace(people=people, study=study, version=version, issued=issued, base=base)


def new_id() -> str:
    return f"uuid:{uuid.uuid4()}"


def filled(
    instance: str = "", *, age: str = "30", legs: str = "", more: str = "", replaces: str = "", version: str = VERSION,
    form: str = "pilot_legs",
) -> bytes:  # fmt: skip
    """The XML of one interview."""
    old = f"<deprecatedID>{replaces}</deprecatedID>" if replaces else ""
    return (
        f'<data id="{form}" version="{version}"><age>{age}</age>{legs}{more}'
        f"<meta><instanceID>{instance or new_id()}</instanceID>{old}</meta></data>"
    ).encode()


def post(
    base: str, xml: bytes, files: dict[str, bytes] | None = None, client: Client | None = None, **more: Any
) -> Any:
    """Send it as a device does: one part for the XML, one for each file."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    parts: dict[str, Any] = {"xml_submission_file": SimpleUploadedFile("s.xml", xml, content_type="text/xml")}
    parts |= {name: SimpleUploadedFile(name, content) for name, content in (files or {}).items()}
    return (client or Client()).post(f"{base}/submission", parts, **more)


def flattened(submission: Any) -> None:
    """What the worker does."""
    with acting(Viewer.operator()) as viewer:
        actions.flatten(viewer, Effect.objects.filter(object_id=submission.pk).latest("created_at"))


def account(issued: Any) -> DeviceAccount:
    return DeviceAccount.objects.select_related("study", "site").get(pk=issued.device.pk)
