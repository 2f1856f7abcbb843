"""A study of the analyst's office: a published form, a device, a record with a picture."""

from typing import Any
from unittest.mock import patch

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.actions.demo import CSV, PILOT
from palermo.rooms.observatory.models import Alert, Attachment, DeviceAccount

ROOM = "palermo.rooms.observatory.actions"
XML = (
    b'<data id="pilot_legs" version="2026010101"><age>30</age><place>a.jpg</place>'
    b"<meta><instanceID>uuid:matrix-1</instanceID></meta></data>"
)


def tell(people: Any, ids: dict[str, Any]) -> dict[str, Any]:
    # Without the seconds of the validator.
    taken_as_valid = {"return_value": "a test"}
    values = {
        "code": "trial-1",
        "title": "Trial",
        "kind": "survey",
        "round": 1,
        "ethics_reference": "Board, 1",
    }
    with acting(people.analyst.viewer) as viewer:
        study = actions.open_study(actor=viewer, values=values)
        with patch(f"{ROOM}.converting.validate", **taken_as_valid):
            version = actions.add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
        actions.add_media(actor=viewer, version=version, name="sites.csv", content=CSV.encode())
        with patch(f"{ROOM}.publishing.validate", **taken_as_valid):
            actions.publish_form(actor=viewer, version=version, expected_version=version.version)
        export = actions.ask_export(actor=viewer, form=version.form, format="csv", options={})
        token = actions.make_read_token(actor=viewer, study=study, label="Dashboard", days=30).token
        issued = actions.make_device(actor=viewer, study=study, label="E-01", site=None, days=30)
    with acting(Viewer.operator()) as system:
        device = DeviceAccount.objects.select_related("study", "site").get(pk=issued.device.pk)
        taken = actions.receive(
            actor=system, device=device, xml=XML, files=[actions.Sent("a.jpg", b"picture")]
        )
        file = Attachment.objects.get(submission_id=taken.submission_id)
        alert = Alert.objects.create(
            study=study, kind="harm", key='["robbery"]', period=1, since=timezone.now(), found_at=timezone.now(),
            numbers={"before": 0.1, "after": 0.4, "effect": 0.3, "low": 0.1, "high": 0.4, "hits_after": 16,
                     "n_after": 40, "n_before": 90, "p": 0.0004, "level": 0.02, "comparisons": 3, "look": 2,
                     "method": "exact"},
        )  # fmt: skip
    return {
        "obs_study": study.pk, "obs_version": version.pk, "obs_device": device.pk, "obs_record": taken.submission_id,
        "obs_file": file.pk, "obs_form": version.form_id, "obs_export": export.pk, "obs_token": token.pk,
        "obs_alert": alert.pk,
    }  # fmt: skip
