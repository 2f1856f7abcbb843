"""The country in which the matrix is walked: one team with a screening and a case, and everybody else.

Every name in it is invented.
"""

import io
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from palermo.kernel.access.actions import break_glass
from palermo.kernel.access.cast import member, signed_in_client
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import Grant
from palermo.kernel.access.viewer import Viewer
from palermo.kernel.organisations.models import Membership, Role
from palermo.kernel.vault.identity import Identity
from palermo.rooms.cases import actions as cases
from palermo.rooms.identification import actions as identification
from palermo.standards.instruments import instrument
from tests.access_matrix.chapters import further_ids

CANARY = "Vibbletonova"
# Seconds after which one signs in anew: steps that ask for a fresh proof want one of the last five minutes.
FRESH = 120.0


@dataclass(frozen=True)
class Story:
    """Personas by name, and the ids of what exists."""

    people: dict[str, Any]
    ids: dict[str, Any]
    cookies: dict[str, str] = field(default_factory=dict)
    signed_in: dict[str, float] = field(default_factory=dict)

    def client(self, persona: str, **options: Any) -> Client:
        """A browser of this persona, signed in with a fresh second factor unless the persona is not."""
        client = Client(**options)
        if persona != "anonymous":
            if persona not in self.cookies:
                self.cookies[persona], self.signed_in[persona] = self._sign_in(persona), time.monotonic()
            # A later sign-in is undone with the test that asked for it, and so is not kept.
            fresh = time.monotonic() - self.signed_in[persona] < FRESH
            client.cookies[settings.SESSION_COOKIE_NAME] = (
                self.cookies[persona] if fresh else self._sign_in(persona)
            )
        return client

    def _sign_in(self, persona: str) -> str:
        if persona == "password_only":
            client = Client()
            client.force_login(self.people[persona].user)
        else:
            client = signed_in_client(self.people[persona])
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def tell(people: Any) -> Story:
    """Everybody, one screening and one case of the day team, one emergency, one passkey."""
    with acting(Viewer.operator()):
        more = {
            "child_protection": member("child-protector", Role.CHILD_PROTECTION, people.other_organisation),
            "editor": member("editor", Role.EDITOR, people.other_organisation),
            "programme_officer": member(
                "programme-officer", Role.PROGRAMME_OFFICER, people.other_organisation
            ),
            "password_only": member("no-factor-yet", Role.SUPERVISOR, people.organisation, people.unit),
            "breaker": member("breaker", Role.CASE_MANAGER, people.other_organisation),
        }
    everybody = {name: getattr(people, name) for name in people.__dataclass_fields__} | more
    with acting(people.case_worker.viewer) as viewer:
        screening = identification.start_screening(actor=viewer, event="Harbour, night shift")
        case = cases.open_case(
            actor=viewer,
            reason="Asked for help at the night desk.",
            identity=Identity(family_name=CANARY, given_names="Zarquella"),
            crime="tip",
        )
        paper = cases.add_case_file(
            actor=viewer,
            case=case,
            kind="medical",
            description="Letter of the doctor",
            name="letter.txt",
            content=io.BytesIO(b"The doctor writes."),
        )
        note = cases.add_note(actor=viewer, case=case, text="She called from the harbour.")
        grant = Grant.objects.filter(object_id=case.pk, grantee_kind="unit").first()
    with acting(more["breaker"].viewer) as viewer:
        emergency = break_glass(
            actor=viewer, object_kind="case", object_id=case.pk, reason="She must be moved this very night."
        )
    passkey = Authenticator.objects.create(
        user=more["breaker"].user, type=Authenticator.Type.WEBAUTHN, data={"name": "key", "credential": {}}
    )
    membership = Membership.objects.get(user=people.competent_authority.user)
    return Story(
        people=everybody,
        ids=further_ids(
            people,
            {
                "screening": screening.pk,
                "section": instrument().sections[0].code,
                "case": case.pk,
                "note": note.pk,
                "file": paper.pk,
                "grant": grant.pk if grant else uuid4(),
                "emergency": emergency,
                "passkey": passkey.pk,
                "person": people.competent_authority.pk,
                "membership": membership.pk,
                "organisation": people.organisation.pk,
                "random": uuid4(),
            },
        ),
    )
