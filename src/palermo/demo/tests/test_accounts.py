"""Who works in the invented country."""

from typing import Any

from palermo.demo import _colleagues
from palermo.kernel.access.context import acting
from palermo.kernel.access.models import User
from palermo.kernel.access.viewer import viewer_for
from palermo.rooms.cases import actions as cases
from palermo.rooms.cases.models import Case


def test_both_sides_of_a_referral_have_a_worker_and_a_supervisor(db: Any) -> None:
    cast, _protectors, second, office = _colleagues()
    assert second.viewer.organisation_id == office.pk
    head = viewer_for(User.objects.get(username="northern-supervisor"), session_ref="t", stepped_up=True)
    assert head.roles == {"supervisor"}
    assert head.organisation_ids == cast.other_worker.viewer.organisation_ids
    with acting(cast.other_worker.viewer) as viewer:
        made = cases.open_case(
            actor=viewer, reason="Asked for help at the desk.", identity=None, crime="tip", child=False
        )
    with acting(head):
        assert Case.objects.filter(pk=made.pk).exists()


def test_the_accounts_can_be_made_again(db: Any) -> None:
    _colleagues()
    before = User.objects.count()
    _colleagues()
    assert User.objects.count() == before
