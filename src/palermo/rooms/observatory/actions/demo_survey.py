"""The demonstration's survey: the shipped questions for migrants on the way, and invented interviews at four sites."""

from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from django.utils import timezone

from palermo.fieldwork.simulation import as_xml, interviews
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.actions.converting import NoValidator
from palermo.rooms.observatory.actions.devices import make_device
from palermo.rooms.observatory.actions.opening import add_site, open_study
from palermo.rooms.observatory.actions.publishing import publish_form
from palermo.rooms.observatory.actions.receiving import receive
from palermo.rooms.observatory.actions.shipping import add_shipped
from palermo.rooms.observatory.models import DeviceAccount, Study

SITES = ("Bus station of Eastgate", "Harbour of Port Vell", "Market of Tarn", "Shelter at the bridge")
NATIONALITIES = ("NER", "NGA", "MLI", "NER", "GMB", "NER", "NGA")


def demo_survey(*, cast: Any, number: int = 150) -> Study | None:
    """The survey with so many interviews of the last day; None where there is no validator, for then no form is
    published.
    """
    with acting(cast.analyst.viewer) as viewer:
        values = {
            "code": "route-2026", "title": "Migrants on the way through Palermia", "kind": "survey", "round": 1,
            "country": "XPA", "ethics_reference": "Ethics board of Palermia, 2026/15 (invented)",
        }  # fmt: skip
        study = open_study(actor=viewer, values=values)
        sites = [add_site(actor=viewer, study=study, name=name) for name in SITES]
        try:
            version = add_shipped(actor=viewer, study=study, code="S1")
        except NoValidator:
            return None
        version = publish_form(actor=viewer, version=version, expected_version=version.version)
        devices = [
            make_device(actor=viewer, study=study, label=f"S-0{n}", site=site, days=90).device
            for n, site in enumerate(sites, 1)
        ]
    with acting(Viewer.operator()) as system:
        for count, told in enumerate(interviews(number, np.random.default_rng(2), len(sites))):
            place = int(told["site"])
            device = DeviceAccount.objects.select_related("study", "site").get(pk=devices[place].pk)
            _placed(told, count, str(sites[place].pk))
            key = uuid5(NAMESPACE_URL, f"palermo survey {count}")
            xml = as_xml(told, form_id="s1", version=version.label, instance=key)
            receive(actor=system, device=device, xml=xml, files=[])
    return study


def _placed(told: dict[str, Any], count: int, site: str) -> None:
    """At a site of this study, within the last hours, so that no clock is held for wrong."""
    begun = timezone.now() - timedelta(minutes=45 + 8 * (count % 100))
    told["site"], told["start"] = site, begun.isoformat(timespec="milliseconds")
    told["end"] = (begun + timedelta(minutes=25 + count % 30)).isoformat(timespec="milliseconds")
    told["interview"]["nationality"] = NATIONALITIES[count % len(NATIONALITIES)]
