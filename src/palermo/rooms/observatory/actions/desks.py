"""Filling a form in within a browser: from the seat of somebody who is signed in, or with a link that opens one form.

Both are accounts of devices, so that records of the web are taken, guarded and followed like all others. A seat has no
secret at all, and is the person's who made it; a link has a key after the # of its address, which browsers send to
nobody, and which is kept as its hash.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.context import acting
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.actions import Scalar, record
from palermo.kernel.database.locks import take_turns
from palermo.kernel.errors import Conflict, FieldProblem, Invalid, Refused
from palermo.rooms.observatory.actions.devices import MOST_DAYS, Issued, make_device
from palermo.rooms.observatory.actions.instances import Unreadable, read_instance
from palermo.rooms.observatory.actions.keeping import Sent
from palermo.rooms.observatory.actions.on_the_web import unfit_for_the_web
from palermo.rooms.observatory.actions.opening import KIND
from palermo.rooms.observatory.actions.receiving import NotTaken, Taken, receive
from palermo.rooms.observatory.actions.signing import Unproved, live
from palermo.rooms.observatory.models import (
    DeviceAccount,
    DeviceKind,
    FormVersion,
    Site,
    Study,
    Submission,
    SubmissionRevision,
    VersionState,
)

COLLECT = "observatory.web.collect"
MOST_RECORDS = 1000


@transaction.atomic
def make_link(
    *, actor: Viewer, version: FormVersion, label: str, site: Site | None, days: int, records: int
) -> Issued:
    """A link for somebody without an account: one form, so many records, until then. Raises Invalid."""
    _offered(version)
    if not 1 <= records <= MOST_RECORDS:
        problem = FieldProblem("records", _("From 1 to %(most)d records.") % {"most": MOST_RECORDS}, "range")
        raise Invalid(_("No link was made."), problems=[problem], rule="observatory.link")
    issued = make_device(actor=actor, study=version.study, label=label, site=site, days=days, in_address=True)
    values = {"kind": DeviceKind.LINK, "form_id": version.form_id, "most": records}
    issued.device.change(values, expected_version=issued.device.version)
    detail: dict[str, Scalar] = {
        "device": str(issued.device.pk),
        "form": version.form.form_id,
        "records": records,
    }
    record(
        actor=actor,
        action="observatory.link.make",
        object_kind=KIND,
        object_id=version.study_id,
        detail=detail,
    )
    return issued


def link_address(issued: Issued, root: str) -> str:
    """Where the link leads. What stands after the # stays in the browser."""
    return f"{root}/o/desk/{issued.device.pk}/#{issued.secret}"


@contextmanager
def at_desk(*, link_id: UUID, key: str) -> Iterator[tuple[Viewer, DeviceAccount]]:
    """The eyes of the collection server, for whoever has the key of this link; raises Unproved."""
    if not 40 <= len(key) <= 100 or not key.isascii():
        raise Unproved
    digest = hashlib.sha256(key.encode()).digest()
    with acting(Viewer.operator()) as system:
        rows = DeviceAccount.objects.select_related("study", "site", "form")
        found = rows.filter(pk=link_id, kind=DeviceKind.LINK).first()
        if found is None or not hmac.compare_digest(bytes(found.token_sha256 or b""), digest):
            raise Unproved
        yield system, live(found)


def records_left(device: DeviceAccount) -> int:
    """How many records may still come through this link. For the operator's eyes."""
    return max(0, (device.most or 0) - Submission.objects.filter(device=device).count())


def form_of_link(device: DeviceAccount) -> FormVersion:
    """The version of the link's form that is offered now. For the operator's eyes; raises NotTaken."""
    found = FormVersion.objects.filter(form=device.form, state=VersionState.PUBLISHED)
    version = found.select_related("form", "study").first()
    if version is None:
        raise NotTaken(409, _("This form is not offered at the moment."))
    problem = unfit_for_the_web(version)
    if problem:
        raise NotTaken(409, problem)
    return version


@transaction.atomic
def receive_from_link(*, actor: Viewer, device: DeviceAccount, xml: bytes, files: Sequence[Sent]) -> Taken:
    """A record through a link: of its form, new, and one of so many. The same record again is always welcome."""
    require(actor, "observatory.protocol.use")
    # Two who use up the last record at once wait for one another here.
    DeviceAccount.objects.select_for_update(of=("self",), no_key=True).get(pk=device.pk)
    try:
        instance = read_instance(xml)
    except Unreadable as error:
        raise NotTaken(400, str(error)) from None
    if device.form is None or instance.form_id != device.form.form_id:
        raise NotTaken(403, _("This link opens another form."))
    if instance.deprecated_id:
        raise NotTaken(403, _("What was sent through a link is not edited through it."))
    there = SubmissionRevision.objects.filter(form=device.form, instance_id=instance.instance_id)
    if not there.exists() and records_left(device) == 0:
        raise NotTaken(403, _("This link was used as often as it may be. Ask for a new one."))
    return receive(actor=actor, device=device, xml=xml, files=files)


def sites_to_collect_at(viewer: Viewer, sites: Sequence[Site]) -> list[Site]:
    """An analyst collects at every site; a supervisor at those of the own team."""
    return [one for one in sites if viewer.has("analyst") or one.unit_id in viewer.unit_ids]


def receive_from_seat(
    *, actor: Viewer, version: FormVersion, site: Site | None, xml: bytes, files: Sequence[Sent]
) -> Taken:
    """A record that a signed-in person filled in, taken as if a device had sent it. Raises NotTaken, Refused."""
    problem = unfit_for_the_web(version)
    if problem:
        raise NotTaken(409, problem)
    seat_id = _seat(actor, version.study, site).pk
    try:
        wording = read_instance(xml)
    except Unreadable as error:
        raise NotTaken(400, str(error)) from None
    if (wording.form_id, wording.version) != (version.form.form_id, version.label):
        raise NotTaken(409, _("This is another form than the one that was opened."))
    with acting(Viewer.operator()) as system:
        seat = DeviceAccount.objects.select_related("study", "site").get(pk=seat_id)
        return receive(actor=system, device=seat, xml=xml, files=files)


@transaction.atomic
def _seat(actor: Viewer, study: Study, site: Site | None) -> DeviceAccount:
    """The account under which this person's records of this site come in; made when the first one comes."""
    require(actor, COLLECT, study.pk)
    if actor.user_id is None or (site is None and not actor.has("analyst")):
        raise Refused(_("Choose the site: you collect at the sites of your team."), rule="observatory.site")
    if site is not None and not sites_to_collect_at(actor, [site]):
        raise Refused(_("You collect at the sites of your team."), rule="observatory.site")
    take_turns("seats", study.pk)
    rows = DeviceAccount.objects.filter(study=study, kind=DeviceKind.SEAT)
    now = timezone.now()
    mine = rows.filter(made_by_id=actor.user_id, site=site, revoked_at=None, expires_at__gt=now).first()
    if mine is not None:
        return mine
    made = DeviceAccount.objects.create(
        study=study, site=site, kind=DeviceKind.SEAT, label=_free_label(study), made_by_id=actor.user_id,
        username=f"s{hashlib.sha256(f'{study.pk}|{actor.user_id}|{site and site.pk}|{now}'.encode()).hexdigest()[:18]}",
        sealed_ha1=b"", expires_at=now + timedelta(days=MOST_DAYS),
    )  # fmt: skip
    detail: dict[str, Scalar] = {"device": str(made.pk), "site": str(site.pk) if site else ""}
    record(actor=actor, action="observatory.seat.take", object_kind=KIND, object_id=study.pk, detail=detail)
    return made


def _free_label(study: Study) -> str:
    """W-1, W-2 and so on: who sits there stands in the audit, and in no record."""
    used = DeviceAccount.objects.filter(study=study, label__startswith="W-").values_list("label", flat=True)
    return f"W-{1 + max((int(one[2:]) for one in used), default=0)}"


def _offered(version: FormVersion) -> None:
    if version.state != VersionState.PUBLISHED:
        raise Conflict(_("Publish this version first."), rule="observatory.form", state=version.state)
    problem = unfit_for_the_web(version)
    if problem:
        raise Conflict(problem, rule="observatory.form.web", state=version.state)
