"""The least country that one can work in: the demonstration's accounts and a few cases. For bench and fault tests.

python tools/bench_country.py [CASES]      fills the empty database of PALERMO_HOME, prints the cases' ids
"""

import sys
from typing import Any
from uuid import UUID

SYLLABLES = ("ba", "do", "ke", "li", "mo", "na", "ru", "se", "ti", "vo", "za", "ye")


def name_of(number: int) -> str:
    """An invented name that differs from its neighbours in sound; the same number gives the same name."""
    word = ""
    for _place in range(4):
        number, place = divmod(number, len(SYLLABLES))
        word += SYLLABLES[place]
    return word.capitalize()


def accounts() -> Any:
    """The cast, with the demonstration's password and second factor."""
    from palermo.demo import PASSWORD
    from palermo.kernel.access.cast import make_cast
    from palermo.kernel.access.context import acting
    from palermo.kernel.access.demo import mark_demo_accounts
    from palermo.kernel.access.models import User
    from palermo.kernel.access.viewer import Viewer

    make_cast()
    with acting(Viewer.operator()):
        for user in User.objects.filter(password=""):
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        users = list(User.objects.all())
    mark_demo_accounts(users)
    return make_cast()  # anew, with the passwords: a session is bound to them


def cases(cast: Any, number: int) -> list[UUID]:
    """Cases of the case worker, each with an invented person."""
    from palermo.kernel.access.context import acting
    from palermo.kernel.vault.identity import Identity
    from palermo.rooms.cases.actions import open_case

    made = []
    for place in range(number):
        with acting(cast.case_worker.viewer):
            case = open_case(
                actor=cast.case_worker.viewer, crime="tip", child=False,
                reason="An invented case, opened to measure and to test.",
                identity=Identity(family_name=name_of(place * 31), given_names="Person", birth_date="1998"),
            )  # fmt: skip
        made.append(case.pk)
    return made


def main() -> None:
    from palermo.cli import prepare

    prepare()
    for case_id in cases(accounts(), int(sys.argv[1]) if len(sys.argv) > 1 else 2):
        print(case_id)


if __name__ == "__main__":
    main()
