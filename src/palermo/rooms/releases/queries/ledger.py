"""The ledger as it is read: what each population has spent, what is left, and who decided about caps."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from palermo.disclosure.spending import DELTA, Account, epsilon_of, plain
from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.releases.models import CapDecision, LedgerEntry, Population


@dataclass(frozen=True)
class Purse:
    """One population with its account and its entries, the newest first."""

    population: Population
    account: Account
    entries: tuple[LedgerEntry, ...]

    @property
    def share(self) -> int:
        """Percent of the cap that is spent."""
        return round(100 * self.account.spent / self.account.cap)

    @property
    def spent(self) -> str:
        return plain(self.account.spent)

    @property
    def left(self) -> str:
        return plain(self.account.left)

    @property
    def cap(self) -> str:
        return plain(self.account.cap)

    @property
    def epsilon(self) -> float:
        """What was spent, told as epsilon at a delta of one in a million."""
        return epsilon_of(float(self.account.spent), DELTA)

    @property
    def epsilon_cap(self) -> float:
        return epsilon_of(float(self.account.cap), DELTA)


def purses(viewer: Viewer) -> list[Purse]:
    """Every population, the latest first."""
    require(viewer, "releases.ledger.view")
    entries = LedgerEntry.objects.select_related("release", "person").order_by("-at")
    rows = Population.objects.order_by("-key").prefetch_related(Prefetch("entries", entries))
    return [_purse(row) for row in rows]


def _purse(population: Population) -> Purse:
    found = tuple(population.entries.all())
    spent = sum((entry.rho for entry in found), Decimal(0))
    return Purse(population, Account(population.cap, spent), found)


def decisions(viewer: Viewer) -> list[CapDecision]:
    """Who asked for a higher cap and who agreed, the newest first."""
    require(viewer, "releases.ledger.view")
    rows = CapDecision.objects.select_related("population", "asked_by", "agreed_by")
    return list(rows.order_by("-asked_at"))
