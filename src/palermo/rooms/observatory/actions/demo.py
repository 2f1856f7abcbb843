"""The demonstration's study: an invented pilot with two sites, one form and a dozen invented interviews."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone

from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.observatory.actions.converting import NoValidator
from palermo.rooms.observatory.actions.devices import make_device
from palermo.rooms.observatory.actions.keeping import Sent
from palermo.rooms.observatory.actions.opening import add_site, open_study
from palermo.rooms.observatory.actions.publishing import add_form, add_media, publish_form
from palermo.rooms.observatory.actions.receiving import receive
from palermo.rooms.observatory.models import DeviceAccount, Study

# A few questions on legs of a journey, so that every part of the room has something to show. Not a survey.
PILOT = """
| survey |
|  | type | name | label::English (en) | label::Arabic (ar) | required | constraint |
|  | start | start | | | | |
|  | today | today | | | | |
|  | select_one_from_file sites.csv | site | Site of the interview | مكان المقابلة | yes | |
|  | integer | age | Age in years | العمر بالسنوات | yes | . >= 18 and . < 120 |
|  | begin repeat | leg | Leg of the journey | مرحلة من الرحلة | | |
|  | select_one modes | mode | Means of transport | وسيلة النقل | yes | |
|  | select_multiple services | bought | What the smuggler was paid for | ما دُفع للمهرب مقابله | | |
|  | decimal | fee | Paid for this leg | المبلغ المدفوع لهذه المرحلة | | |
|  | end repeat | | | | | |
|  | text | remarks | Observations, without names | ملاحظات بلا أسماء | | |
|  | image | place | The place of the interview, without people | مكان المقابلة بلا أشخاص | | |
| choices |
|  | list_name | name | label::English (en) | label::Arabic (ar) |
|  | modes | sea | By sea | بحرا |
|  | modes | road | By road | برا |
|  | modes | foot | On foot | سيرا |
|  | services | transport | Transport | النقل |
|  | services | papers | Documents | وثائق |
|  | services | lodging | Lodging | إيواء |
| settings |
|  | form_id | form_title | version |
|  | pilot_legs | Pilot: legs of the journey | 2026010101 |
"""
SITES = ("Harbour of Port Vell", "Bus station of Eastgate")
CSV = "name,label\nharbour,Harbour of Port Vell\nstation,Bus station of Eastgate\n"
MODES = ("sea", "road", "foot")


def demo_observatory(*, cast: Any, interviews: int = 12) -> Study | None:
    """The pilot; None where there is no validator, for then no form is published."""
    with acting(cast.analyst.viewer) as viewer:
        values = {
            "code": "pilot-2026", "title": "Pilot: routes through Palermia", "kind": "survey", "round": 1,
            "country": "XPA", "ethics_reference": "Ethics board of Palermia, 2026/14 (invented)",
        }  # fmt: skip
        study = open_study(actor=viewer, values=values)
        sites = [add_site(actor=viewer, study=study, name=name) for name in SITES]
        try:
            version = add_form(actor=viewer, study=study, source=PILOT.encode(), kind="md")
        except NoValidator:
            return None
        add_media(actor=viewer, version=version, name="sites.csv", content=CSV.encode())
        publish_form(actor=viewer, version=version, expected_version=version.version)
        devices = [
            make_device(actor=viewer, study=study, label=f"E-0{n}", site=site, days=90).device
            for n, site in enumerate(sites, 1)
        ]
    with acting(Viewer.operator()) as system:
        for number in range(interviews):
            device = DeviceAccount.objects.select_related("study", "site").get(pk=devices[number % 2].pk)
            receive(actor=system, device=device, xml=_invented(number), files=_photo(number))
    return study


def _photo(number: int) -> list[Sent]:
    return [] if number % 3 else [Sent(f"{number}.jpg", b"\xff\xd8\xff\xe0 invented")]


def _invented(number: int) -> bytes:
    """One interview. The number decides everything, so that the demonstration is the same each time."""
    # One device whose clock was never set, so that the flag is seen.
    when = timezone.now() - timedelta(minutes=5) if number != 3 else datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    legs = "".join(
        f"<leg><mode>{MODES[(number + n) % 3]}</mode><bought>transport{' papers' if n else ''}</bought>"
        f"<fee>{150 + 25 * ((number * 7 + n * 3) % 11)}</fee></leg>"
        for n in range(1 + number % 3)
    )
    remarks = escape("Spoke of a long wait at the bridge." if number % 4 == 0 else "")
    text = (
        f'<data id="pilot_legs" version="2026010101"><start>{when.isoformat(timespec="milliseconds")}</start>'
        f"<today>{when.date()}</today><site>{('harbour', 'station')[number % 2]}</site>"
        f"<age>{19 + number * 3 % 30}</age>"
        f"{legs}<remarks>{remarks}</remarks><place>{'' if number % 3 else f'{number}.jpg'}</place>"
        f"<meta><instanceID>uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'palermo pilot {number}')}</instanceID></meta></data>"
    )
    return text.encode()
