"""The invented country: Palermia's offices, colleagues, cases and register. Nobody in it exists.

The same seed makes the same country. Accounts become demonstration accounts, whose second-factor codes are shown
on the sign-in page of this machine alone (`palermo.kernel.access.demo`).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Say = Callable[[str], None]

# Known to everybody, on purpose; the demonstration cannot be opened to a network (see kernel.access.demo).
PASSWORD = "harbour-light-2026"  # noqa: S105

FIRST_CASES, FIRST_PERSONS = 24, 3000
PAST = 480  # closed cases of earlier years, for the key figures of the mechanism


def build_if_empty(*, say: Say) -> str | None:
    """Make the country where there is nobody yet; say how to sign in on every demonstration instance."""
    from palermo.kernel.access.demo import is_demo, is_local
    from palermo.kernel.access.models import User

    if not User.objects.exists() and is_local():
        say("Making the demonstration country (invented from beginning to end)")
        build(cases=FIRST_CASES, persons=FIRST_PERSONS, seed=1, say=say)
    return logins() if is_demo() else None


def build(*, cases: int, persons: int, seed: int, say: Say) -> dict[str, int]:
    """Accounts, cases and register. Returns how many of each were made."""
    from django.utils import timezone

    from palermo.demo.figures import publish_figures
    from palermo.demo.past import make_past
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.demo import mark_demo_accounts
    from palermo.kernel.access.models import DemoAccount, User
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.assessments.actions import demo_assessments
    from palermo.rooms.cases.actions import demo_cases
    from palermo.rooms.children.actions import demo_children
    from palermo.rooms.digest.actions import demo_digest
    from palermo.rooms.door.actions import demo_door
    from palermo.rooms.encounters.actions import demo_encounters
    from palermo.rooms.estimates.actions import demo_studies
    from palermo.rooms.fieldstudies.actions import demo_fieldstudies
    from palermo.rooms.identification.actions import demo_statuses
    from palermo.rooms.legislation.actions import demo_laws
    from palermo.rooms.library.actions import demo_library
    from palermo.rooms.networks.actions import demo_networks
    from palermo.rooms.observatory.actions import demo_observatory, demo_survey
    from palermo.rooms.reconciliation.actions import demo_reconciliation
    from palermo.rooms.referral.actions import demo_referrals
    from palermo.rooms.register.actions import demo_offenders, demo_register
    from palermo.rooms.services.actions import demo_services

    rng = np.random.default_rng(seed)
    cast, protectors, second, office = _colleagues()
    with acting(Viewer.operator()):
        for user in User.objects.filter(password=""):
            _give_password(user)
    accounts = User.objects.exclude(pk__in=DemoAccount.objects.values("user_id"))
    marked = mark_demo_accounts(list(accounts)) if accounts else 0
    say(f"Opening {cases} cases")
    opened = demo_cases(rng, cases, cast=cast)
    say("Protecting a few children")
    demo_children(cast, protectors)
    say("Referring presumed victims to the authority")
    demo_statuses(cast=cast, second=second)
    say("Entering services and places")
    demo_services(rng, cast=cast)
    say("A rescued vessel comes in")
    demo_encounters(rng, cast=cast)
    demo_referrals(cast=cast)
    demo_door(cast=cast)
    say("Labour inspectors and health workers notify")
    demo_networks(cast=cast)
    say(f"Filling the register with {persons} persons")
    with acting(Viewer.operator()):
        demo_register(rng, persons)
        demo_offenders(rng, persons // 4)
    say(f"Inventing {PAST} cases of earlier years")
    houses = (cast.organisation.pk, cast.other_organisation.pk, _house("Bread and Roof"))
    make_past(rng, PAST, houses=houses, author=cast.case_worker.pk, authority=office.pk)
    say("Three bodies give their lists")
    demo_reconciliation(cast=cast, seed=seed)
    demo_studies(rng, cast=cast, year=timezone.localdate().year - 1)
    say("Enumerators send their interviews")
    demo_observatory(cast=cast)
    demo_survey(cast=cast)
    demo_fieldstudies(cast=cast)
    say("Two assess a response apart")
    demo_assessments(cast=cast)
    say("Bringing in landmark decisions and the laws of two invented States")
    _decisions()
    demo_laws()
    demo_digest()
    say("Filling the library")
    demo_library(cast=cast)
    say("Publishing figures")
    publish_figures(cast, timezone.localdate().year - 1)
    return {"accounts": marked, "cases": opened, "persons": persons, "offenders": persons // 4}


def _colleagues() -> tuple[Any, Any, Any, Any]:
    """Everybody who works in the invented country: the cast, who protects children, a second decider, their office."""
    from palermo.kernel.access.cast import make_cast, member
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.organisations.models import Organisation, OrganisationType, Role
    from palermo.rooms.children.actions import demo_protectors
    from palermo.rooms.networks.actions import demo_colleagues

    with acting(Viewer.operator()):
        cast = make_cast()
        protectors = demo_protectors(cast)
        office = Organisation.objects.get(pk=cast.competent_authority.viewer.organisation_id)
        second = member("second-decider", Role.COMPETENT_AUTHORITY, office)
        # Both sides of a referral can be tried to the end: what a supervisor must do, at the receiver's too.
        member("northern-supervisor", Role.SUPERVISOR, cast.other_organisation)
        inspectorate, _made = Organisation.objects.get_or_create(
            name="Labour Inspectorate", kind=OrganisationType.CENTRAL_GOVERNMENT
        )
        member("labour-inspector", Role.FIRST_RESPONDER, inspectorate)
        # What is known to the public is written by one and published by another.
        member("knowledge-editor", Role.EDITOR, cast.organisation)
        demo_colleagues()
    return cast, protectors, second, office


def _give_password(user: Any) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def _house(name: str) -> Any:
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.kernel.organisations.models import Organisation

    with acting(Viewer.operator()):
        return Organisation.objects.get(name=name).pk


def _decisions() -> None:
    """The landmark decisions that palermo ships; they are real, and nobody has checked them in the official text."""
    from palermo.judgments.starter import starter
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.viewer import Viewer
    from palermo.rooms.caselaw.actions import bring_in

    with acting(Viewer.operator()) as viewer:
        bring_in(actor=viewer, values=starter())


def logins() -> str:
    """The accounts of the demonstration, for the terminal."""
    from palermo.kernel.access.models import DemoAccount, User

    names = User.objects.filter(pk__in=DemoAccount.objects.values("user_id")).order_by("username")
    lines = [f"  {u.username:22} {u.display_name}" for u in names]
    return "\n".join(
        [
            "Demonstration: nobody here exists. Sign in as one of",
            *lines,
            f"with the password  {PASSWORD}  (the second step shows you its code)",
            "",
        ]
    )
