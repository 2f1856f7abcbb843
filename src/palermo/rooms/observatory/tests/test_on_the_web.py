"""The web form without a browser: who opens it, with which policy, what is refused, and what a link can and cannot."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, DomainError, Invalid
from palermo.rooms.observatory import actions
from palermo.rooms.observatory.models import DeviceAccount, DeviceKind, Submission
from palermo.rooms.observatory.tests.conftest import device, filled, new_id, opened, post, published
from palermo.rooms.observatory.tests.test_walls import teams  # noqa: F401

pytestmark = pytest.mark.django_db

NO_VERSION = "This version of the form is offered no more."


def url(name: str, field: Any, *more: Any) -> str:
    return reverse(f"observatory:{name}", args=[field.study.pk, field.version.pk, *more])


def parts(xml: bytes, files: dict[str, bytes] | None = None) -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = {"xml_submission_file": SimpleUploadedFile("s.xml", xml, content_type="text/xml")}
    return sent | {name: SimpleUploadedFile(name, content) for name, content in (files or {}).items()}


def link(field: Any, records: int = 1, label: str = "K-01") -> Any:
    with acting(field.people.analyst.viewer) as viewer:
        return actions.make_link(
            actor=viewer, version=field.version, label=label, site=None, days=3, records=records
        )


def ask(issued: Any, name: str, *more: str, key: str | None = None, send: Any = None) -> Any:
    address = reverse(f"openrosa:{name}", args=[issued.device.pk, *more])
    headers = {"X-Desk-Key": issued.secret if key is None else key}
    client = Client()
    return (
        client.get(address, headers=headers) if send is None else client.post(address, send, headers=headers)
    )


def records(field: Any) -> list[Submission]:
    with acting(field.people.analyst.viewer):
        return list(Submission.objects.select_related("device"))


def test_the_policy_is_wider_on_the_two_pages_of_the_form_and_nowhere_else(field: Any) -> None:
    client = signed_in_client(field.people.analyst)
    plain = client.get(url("version", field)).headers["Content-Security-Policy"]
    assert "unsafe" not in plain
    assert "blob:" not in plain
    wide = client.get(url("fill", field)).headers["Content-Security-Policy"]
    desk = Client().get(reverse("openrosa:desk", args=[field.study.pk])).headers["Content-Security-Policy"]
    assert wide == desk
    told = dict(part.strip().split(" ", 1) for part in wide.split(";"))
    assert told["connect-src"] == "'self'"
    assert told["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert told["default-src"] == "'none'"
    assert "http" not in wide
    assert "geolocation=()" in client.get(url("fill", field)).headers["Permissions-Policy"]
    for other in (url("web-form", field), url("web-file", field, "sites.csv"), reverse("observatory:list")):
        assert client.get(other).headers["Content-Security-Policy"] == plain


def test_a_record_of_a_signed_in_person_comes_in_like_one_of_a_device(field: Any) -> None:
    client, xml = signed_in_client(field.people.analyst), filled("uuid:web-1", more="<place>a.jpg</place>")
    first = client.post(url("web-send", field), parts(xml, {"a.jpg": b"picture"}))
    again = client.post(url("web-send", field), parts(xml, {"a.jpg": b"picture"}))
    assert (first.status_code, again.status_code) == (201, 202)
    other = client.post(url("web-send", field), parts(filled("uuid:web-1", age="31")))
    assert other.status_code == 409
    assert "Nothing was kept" in other.json()["said"]
    assert client.post(url("web-send", field), parts(filled("uuid:web-2"))).status_code == 201
    one, two = records(field)
    assert one.device == two.device, "a person sits on one seat"
    assert (one.device.kind, one.device.label, one.device.made_by_id) == (
        DeviceKind.SEAT, "W-1", field.people.analyst.user.pk,
    )  # fmt: skip
    assert "W-1" not in client.get(reverse("observatory:study", args=[field.study.pk])).content.decode()


def test_without_the_token_in_its_header_nothing_is_taken(field: Any) -> None:
    client = signed_in_client(field.people.analyst)
    client.handler.enforce_csrf_checks = True
    page = client.get(url("fill", field)).content.decode()
    token = page.partition('data-token="')[2].partition('"')[0]
    answer = client.post(url("web-send", field), {**parts(filled()), "csrfmiddlewaretoken": token})
    assert answer.status_code == 403, "in the body it is not looked for: answers would be written to the disk"
    right = client.post(url("web-send", field), parts(filled()), headers={"X-CSRFToken": token})
    assert right.status_code == 201
    assert len(records(field)) == 1


def test_what_a_browser_cannot_do_safely_is_refused_with_a_sentence(people: Any, unjudged: None) -> None:
    from types import SimpleNamespace

    study = opened(people.analyst)
    source = """
| survey |
|  | type | name | label | appearance |
|  | {kind} | where | Where? | {look} |
| settings |
|  | form_id | form_title | version |
|  | {name} | Places | 1 |
"""
    client = signed_in_client(people.analyst)
    for name, kind, look in (
        ("a", "geopoint", "maps"), ("b", "geopoint", "placement-map"), ("c", "geotrace", ""), ("d", "geoshape", ""),
    ):  # fmt: skip
        version = published(
            people.analyst, study, source.format(name=name, kind=kind, look=look), media=False
        )
        one = SimpleNamespace(people=people, study=study, version=version)
        page = client.get(url("fill", one)).content.decode()
        assert "question on a map" in page
        assert "webform.js" not in page
        assert client.post(url("web-send", one), parts(filled(form=name, version="1"))).status_code == 409
        with pytest.raises(Conflict):
            link(one)
    plain = published(people.analyst, study, source.format(name="e", kind="geopoint", look=""), media=False)
    one = SimpleNamespace(people=people, study=study, version=plain)
    answer = client.get(url("fill", one))
    assert "webform.js" in answer.content.decode()
    assert "geolocation=(self)" in answer.headers["Permissions-Policy"]
    plain.xml = bytes(plain.xml).replace(
        b"<instance>", b'<submission base64RsaPublicKey="AAAA"/><instance>', 1
    )
    assert "encrypted" in actions.unfit_for_the_web(plain)


def test_a_link_opens_one_form_for_so_many_records(field: Any) -> None:
    issued = link(field, records=2)
    assert ask(issued, "desk-form").content == bytes(field.version.xml)
    assert ask(issued, "desk-file", "sites.csv").headers["Content-Type"].startswith("text/csv")
    assert ask(issued, "desk-file", "none.csv").status_code == 404
    first = filled()
    assert [ask(issued, "desk-send", send=parts(x)).status_code for x in (first, first, filled(), filled())] == [
        201, 202, 201, 403,
    ]  # fmt: skip
    assert ask(issued, "desk-send", send=parts(first)).status_code == 202, (
        "a retry of what is here is welcome"
    )
    assert ask(issued, "desk-form").status_code == 403
    assert len(records(field)) == 2
    assert {one.device.label for one in records(field)} == {"K-01"}


def test_a_link_does_nothing_but_that(field: Any) -> None:
    other = published(field.people.analyst, field.study, OTHER, media=False)
    issued = link(field, records=9)
    wrong = ask(issued, "desk-send", send=parts(filled(form="other", version="1")))
    assert wrong.status_code == 403
    assert "another form" in wrong.json()["said"]
    instance = new_id()
    assert ask(issued, "desk-send", send=parts(filled(instance))).status_code == 201
    assert ask(issued, "desk-send", send=parts(filled(replaces=instance))).status_code == 403
    # Its key is no key of a device: neither the list of forms nor the door of the devices opens.
    base = f"/o/key/{issued.secret}/{field.study.code}"
    assert Client().get(f"{base}/formList").status_code == 403
    assert post(base, filled()).status_code == 403
    assert other.form.form_id == "other"
    assert len(records(field)) == 1


def test_every_wrong_key_gets_the_same_answer(field: Any) -> None:
    issued, revoked, late = link(field), link(field, label="K-02"), link(field, label="K-03")
    plain = device(field.people.analyst, field.study, "E-09", in_address=True)
    with acting(field.people.analyst.viewer) as viewer:
        one = DeviceAccount.objects.get(pk=revoked.device.pk)
        actions.revoke_device(actor=viewer, device=one)
        DeviceAccount.objects.filter(pk=late.device.pk).update(expires_at="2020-01-01T00:00:00Z")
    answers = [
        *(ask(issued, "desk-form", key=key) for key in ("", "é" * 50, "x" * 64)),
        ask(issued, "desk-form", key=revoked.secret), ask(revoked, "desk-form"), ask(late, "desk-form"),
        ask(plain, "desk-form"), ask(revoked, "desk-send", send=parts(filled())),
    ]  # fmt: skip
    assert {(one.status_code, one.content) for one in answers} == {(403, answers[0].content)}
    assert records(field) == []
    assert ask(issued, "desk-form").status_code == 200
    with acting(field.people.analyst.viewer):
        kept = DeviceAccount.objects.get(pk=issued.device.pk)
    assert issued.secret.encode() not in bytes(kept.token_sha256 or b"") + bytes(kept.sealed_ha1)


def test_links_are_bounded_and_their_page_says_nothing(field: Any) -> None:
    for records_asked in (0, 1001):
        with pytest.raises(Invalid):
            link(field, records=records_asked)
    issued = link(field)
    there = Client().get(reverse("openrosa:desk", args=[issued.device.pk])).content.decode()
    assert field.study.title not in there
    assert "K-01" not in there
    client = signed_in_client(field.people.analyst)
    form = {"label": "K-07", "records": 3, "days": 5, "site": ""}
    page = client.post(url("add-link", field), form).content.decode()
    assert "/o/desk/" in page
    assert "shown once" in page
    assert (
        "link to pilot_legs, for 3 records"
        in client.get(reverse("observatory:study", args=[field.study.pk])).content.decode()
    )


def test_a_version_that_is_offered_no_more_is_not_filled_in(field: Any) -> None:
    client, issued = signed_in_client(field.people.analyst), link(field)
    with acting(field.people.analyst.viewer) as viewer:
        actions.set_state(
            actor=viewer, version=field.version, state="closed", expected_version=field.version.version
        )
    assert NO_VERSION in client.get(url("fill", field)).content.decode()
    assert client.post(url("web-send", field), parts(filled())).status_code == 409
    assert ask(issued, "desk-form").status_code == 409


def test_a_supervisor_collects_at_the_sites_of_the_own_team_alone(
    teams: Any,  # noqa: F811
) -> None:
    client, (north, south) = signed_in_client(teams.north), teams.sites
    page = client.get(url("fill", teams)).content.decode()
    assert f'value="{north.pk}"' in page
    assert str(south.pk) not in page
    send = url("web-send", teams)
    assert client.post(send, parts(filled())).status_code == 403, "no site"
    assert client.post(f"{send}?site={south.pk}", parts(filled())).status_code == 403
    assert client.post(f"{send}?site={north.pk}", parts(filled("uuid:north-1"))).status_code == 201
    with acting(teams.people.analyst.viewer):
        one = Submission.objects.get(root_id="uuid:north-1")
    assert (one.site_id, one.unit_id) == (north.pk, north.unit_id)
    with acting(teams.south.viewer):
        assert not Submission.objects.filter(pk=one.pk).exists()
    with acting(teams.south.viewer) as viewer, pytest.raises(DomainError):
        actions.make_link(actor=viewer, version=teams.version, label="K-09", site=None, days=3, records=1)


OTHER = """
| survey |
|  | type | name | label |
|  | integer | age | Age |
| settings |
|  | form_id | form_title | version |
|  | other | Other | 1 |
"""
