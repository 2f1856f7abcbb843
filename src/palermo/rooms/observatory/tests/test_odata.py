"""Programs that read: the shape of ODK Central, as its public documentation tells it, asked by a client of its own."""

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from palermo.kernel.access.cast import signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.audit.models import Entry
from palermo.rooms.observatory import actions, queries
from palermo.rooms.observatory.models import ReadToken, Submission
from palermo.rooms.observatory.tests.conftest import filled, flattened, opened, post

pytestmark = pytest.mark.django_db
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
LEGS = (
    "<leg><mode>sea</mode><bought>transport papers</bought><fee>150</fee></leg><leg><mode>foot</mode></leg>"
)


@pytest.fixture
def service(field: Any) -> Any:
    post(field.base, filled("uuid:one", legs=LEGS, more="<remarks>Zarquella spoke</remarks>"))
    for number in range(3):
        post(
            field.base, filled(f"uuid:more-{number}", age=str(40 + number), legs="<leg><fee>7.5</fee></leg>")
        )
    with acting(field.people.analyst.viewer) as viewer:
        for one in Submission.objects.all():
            flattened(one)
        field.made = actions.make_read_token(actor=viewer, study=field.study, label="Dashboard", days=30)
    pair = f"{field.made.token.username}:{field.made.secret}"
    field.basic = {"HTTP_AUTHORIZATION": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    field.project = f"/v1/projects/{queries.number_of(field.study)}"
    field.svc = f"{field.project}/forms/pilot_legs.svc"
    return field


def asked(address: str, service: Any, **parameters: Any) -> Any:
    """GET over TLS with the token; what comes back as JSON."""
    answer = Client().get(address, parameters, secure=True, **service.basic)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, body
    return json.loads(body)


def refused(address: str, service: Any, **parameters: Any) -> int:
    return int(Client().get(address, parameters, secure=True, **service.basic).status_code)


def test_a_session_begins_with_the_token_and_bears_it(service: Any) -> None:
    given = json.dumps({"email": service.made.token.username, "password": service.made.secret})
    answer = Client().post("/v1/sessions", given, content_type="application/json", secure=True)
    assert answer.status_code == 200
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {answer.json()['token']}"}
    (project,) = Client().get("/v1/projects", secure=True, **bearer).json()
    assert (project["id"], project["name"]) == (queries.number_of(service.study), "Trial of the routes")
    forms = Client().get(f"{service.project}/forms", secure=True, **bearer).json()
    assert [(one["xmlFormId"], one["state"]) for one in forms] == [("pilot_legs", "open")]
    secret = {"HTTP_AUTHORIZATION": f"Bearer {service.made.secret}"}
    assert Client().get("/v1/projects", secure=True, **secret).status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!",
        "Basic cmVhZDp4",
        "Bearer x",
        "Bearer " + "a" * 64,
        "Bearer a.9999999999.b",
        "Digest x",
    ],
)
def test_nobody_else_gets_anywhere(service: Any, header: str) -> None:
    answer = Client().get(f"{service.svc}/Submissions", secure=True, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")


def test_a_session_cannot_be_made_longer(service: Any) -> None:
    token, ends = actions.begin_session(username=service.made.token.username, password=service.made.secret)
    name, _ends, mark = token.split(".")
    longer = {"HTTP_AUTHORIZATION": f"Bearer {name}.{int(ends) + 1}.{mark}"}
    assert Client().get("/v1/projects", secure=True, **longer).status_code == 401


def test_passwords_are_taken_over_tls_alone_or_from_this_machine(service: Any) -> None:
    far = Client().get("/v1/projects", HTTP_HOST="testserver", **service.basic)
    assert far.status_code == 403
    assert Client().get("/v1/projects", HTTP_HOST="localhost:8000", **service.basic).status_code == 200
    away = Client().get("/v1/projects", HTTP_HOST="localhost", REMOTE_ADDR="192.0.2.7", **service.basic)
    assert away.status_code == 403


def test_a_revoked_an_expired_and_a_foreign_token_open_nothing(service: Any) -> None:
    other = opened(service.people.analyst, code="trial-2", title="Another one")
    assert refused(f"/v1/projects/{queries.number_of(other)}/forms", service) == 404
    token, _ends = actions.begin_session(username=service.made.token.username, password=service.made.secret)
    with acting(service.people.analyst.viewer) as viewer:
        ReadToken.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert refused("/v1/projects", service) == 401
    with acting(service.people.analyst.viewer) as viewer:
        ReadToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
        one = ReadToken.objects.get()
        actions.revoke_read_token(actor=viewer, token=one)
    assert refused("/v1/projects", service) == 401
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert Client().get("/v1/projects", secure=True, **bearer).status_code == 401


def test_a_token_dies_with_the_rights_of_its_maker(service: Any) -> None:
    user = service.people.analyst.user
    with acting(Viewer.operator()):
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert refused("/v1/projects", service) == 401


def test_the_documents_name_every_feed_and_type(service: Any) -> None:
    found = asked(service.svc, service)
    assert [one["name"] for one in found["value"]] == ["Submissions", "Submissions.leg"]
    assert found["@odata.context"].endswith(".svc/$metadata")
    answer = Client().get(f"{service.svc}/$metadata", secure=True, **service.basic)
    top = fromstring(answer.content)
    types = {one.get("Name"): one for one in top.iter(f"{EDM}EntityType")}
    assert set(types) == {"Submissions", "Submissions.leg"}
    told = {one.get("Name"): one.get("Type") for one in types["Submissions"].iter(f"{EDM}Property")}
    assert (told["age"], told["__system"]) == ("Edm.Int64", "org.opendatakit.submission.metadata")
    assert "remarks" not in told
    (link,) = types["Submissions"].iter(f"{EDM}NavigationProperty")
    assert link.get("Type") == "Collection(org.opendatakit.user.pilot_legs.Submissions.leg)"
    inner = {one.get("Name"): one.get("Type") for one in types["Submissions.leg"].iter(f"{EDM}Property")}
    assert (inner["fee"], inner["__Submissions-id"]) == ("Edm.Decimal", "Edm.String")


def test_records_with_their_legs_and_nothing_sealed(service: Any) -> None:
    found = asked(f"{service.svc}/Submissions", service, **{"$expand": "*", "$count": "True"})
    assert found["@odata.count"] == 4
    assert [row["__id"] for row in found["value"]] == [
        "uuid:more-2",
        "uuid:more-1",
        "uuid:more-0",
        "uuid:one",
    ]
    last = found["value"][-1]
    assert (last["age"], last["__system"]["deviceId"], last["__system"]["reviewState"]) == (30, "E-01", None)
    assert last["leg"] == [
        {
            "__id": "uuid:one/leg[1]", "__Submissions-id": "uuid:one", "mode": "sea", "bought": "transport papers",
            "fee": 150.0,
        },
        {"__id": "uuid:one/leg[2]", "__Submissions-id": "uuid:one", "mode": "foot", "bought": None, "fee": None},
    ]  # fmt: skip
    assert "Zarquella" not in json.dumps(found)
    assert not {"remarks", "place", "start"} & set(last)
    plain = asked(f"{service.svc}/Submissions", service)["value"][-1]
    assert "leg" not in plain
    address = f"{service.svc}/{plain['leg@odata.navigationLink']}"
    legs = asked(address, service)["value"]
    assert [leg["__id"] for leg in legs] == ["uuid:one/leg[1]", "uuid:one/leg[2]"]


@pytest.mark.parametrize("table", ["Submissions", "Submissions.leg"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_follow_one_another_without_gap_or_double(service: Any, table: str, size: int) -> None:
    whole = [row["__id"] for row in asked(f"{service.svc}/{table}", service)["value"]]
    found, page = [], asked(f"{service.svc}/{table}", service, **{"$top": size})
    for _turn in range(20):
        found += [row["__id"] for row in page["value"]]
        assert len(page["value"]) <= size
        if "@odata.nextLink" not in page:
            break
        # A record that comes in between stands before the first page and shifts nothing.
        post(service.base, filled())
        address = urlsplit(page["@odata.nextLink"])
        page = asked(f"{address.path}?{address.query}", service)
    assert found == whole
    skipped = asked(f"{service.svc}/{table}", service, **{"$skip": 1, "$filter": BEFORE()})["value"]
    assert len(skipped) >= len(whole) - 1


def BEFORE() -> str:
    return f"__system/submissionDate le {timezone.now().isoformat().replace('+00:00', 'Z')}"


def test_filters_keep_the_legs_of_the_records_that_they_keep(service: Any) -> None:
    now = timezone.now()
    with acting(service.people.analyst.viewer) as viewer:
        one = Submission.objects.select_related("study").get(root_id="uuid:one")
        actions.review(
            actor=viewer, submission=one, state="approved", reason="", expected_version=one.version
        )
    late, early = (f"{(now + timedelta(days=d)).isoformat()[:19]}Z" for d in (1, -1))

    def kept(text: str, table: str = "Submissions") -> int:
        return len(asked(f"{service.svc}/{table}", service, **{"$filter": text})["value"])

    day = "__system/submissionDate"
    assert (kept(f"{day} lt {late}"), kept(f"{day} gt {late}"), kept(f"{day} ge {early}")) == (4, 0, 4)
    assert kept(f"year({day}) eq {now.year} and month({day}) eq {now.month}") == 4
    assert kept(f"{day} lt now() and not ({day} lt {early})") == 4
    assert kept("__system/reviewState eq 'approved'") == 1
    assert kept("__system/reviewState eq null") == 3
    assert kept("__system/reviewState ne 'approved' or __system/reviewState eq 'approved'") == 4
    assert kept("$root/Submissions/__system/reviewState eq 'approved'", "Submissions.leg") == 2


@pytest.mark.parametrize(
    "text",
    ["age eq 30", "__system/submissionDate", "__system/submissionDate lt", "(", "__system/submissionDate lt 'x'",
     "__system/submissionDate lt 2026-99-99", "drop table", "'" * 3, "(" * 100, "year() eq 2026", "x" * 3000],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_refused_with_a_sentence(service: Any, text: str) -> None:
    assert refused(f"{service.svc}/Submissions", service, **{"$filter": text}) == 501


@pytest.mark.parametrize(
    ("name", "value"),
    [("$top", "-1"), ("$top", "x"), ("$skip", "1.5"), ("$apply", "x"), ("$expand", "leg"), ("$orderby", "age"),
     ("$skiptoken", "!"), ("$skiptoken", "e30"), ("$format", "xml")],
)  # fmt: skip
def test_what_is_not_offered_is_refused(service: Any, name: str, value: str) -> None:
    assert refused(f"{service.svc}/Submissions", service, **{name: value}) == 501


def test_what_is_not_there_is_not_found(service: Any) -> None:
    for address in (
        f"{service.svc}/Submissions.nothing", f"{service.project}/forms/nothing.svc", f"{service.project}/forms/no",
        f"{service.svc}/Submissions('uuid:nobody')",
    ):  # fmt: skip
        assert refused(address, service) == 404
    unknown = base64.urlsafe_b64encode(b'{"instanceId":"uuid:nobody"}').decode()
    assert refused(f"{service.svc}/Submissions", service, **{"$skiptoken": unknown}) == 404
    assert Client().post(f"{service.svc}/Submissions", secure=True, **service.basic).status_code == 405


def test_columns_can_be_chosen(service: Any) -> None:
    given = {"$select": "__id,__system/formVersion,age", "$top": 1}
    (row,) = asked(f"{service.svc}/Submissions", service, **given)["value"]
    assert row == {"__id": "uuid:more-2", "__system": {"formVersion": "2026010101"}, "age": 42}


def test_a_withdrawn_record_is_in_no_feed(service: Any) -> None:
    with acting(service.people.analyst.viewer) as viewer:
        one = Submission.objects.select_related("study").get(root_id="uuid:one")
        actions.withdraw(actor=viewer, submission=one, reason="Asked us to.", expected_version=one.version)
    assert len(asked(f"{service.svc}/Submissions", service)["value"]) == 3
    assert len(asked(f"{service.svc}/Submissions.leg", service)["value"]) == 3
    assert refused(f"{service.svc}/Submissions('{quote('uuid:one')}')", service) == 404


def test_sessions_and_feeds_are_in_the_audit(service: Any) -> None:
    asked(f"{service.svc}/Submissions.leg", service)
    actions.begin_session(username=service.made.token.username, password=service.made.secret)
    with acting(service.people.administrator.viewer):
        found = {one.action: one for one in Entry.objects.filter(object_id=service.study.pk)}
    assert found["observatory.token.read"].detail["table"] == "Submissions.leg"
    assert found["observatory.token.session"].detail["token"] == str(service.made.token.pk)
    assert {"observatory.token.make"} <= set(found)
    assert service.made.secret not in json.dumps([one.detail for one in found.values()])


def test_the_page_shows_the_secret_once(field: Any) -> None:
    client = signed_in_client(field.people.analyst)
    address = reverse("observatory:tokens", args=[field.study.pk])
    assert "There is no token yet" in client.get(address).content.decode()
    page = client.post(address, {"label": "Dashboard", "days": 30}).content.decode()
    with acting(field.people.analyst.viewer):
        one = ReadToken.objects.get()
    assert "shown once" in page
    assert one.username in page
    again = client.get(address).content.decode()
    assert "shown once" not in again
    assert f"/v1/projects/{queries.number_of(field.study)}/forms/pilot_legs.svc" in again
    assert client.post(reverse("observatory:revoke-token", args=[field.study.pk, one.pk])).status_code == 302
    assert "Revoked" in client.get(address).content.decode()
