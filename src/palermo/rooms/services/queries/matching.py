"""Which service fits a person: ranked, each with sentences that say why and why not. For case work and referral.

Nothing of the person but what is asked about goes in, and nothing is stored.
"""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.kernel.access.policy import require
from palermo.kernel.access.viewer import Viewer
from palermo.rooms.services.models import Service, State
from palermo.rooms.services.queries.directory import ADULT, Row, row_of
from palermo.rooms.services.queries.labels import area_names, label


@dataclass(frozen=True, slots=True)
class Want:
    """What is looked for. Empty: not known, or no matter. `age` in years; `crime` is tip or som; `urgent`: now."""

    kind: str
    area: str = ""
    language: str = ""
    sex: str = ""
    age: int | None = None
    crime: str = ""
    family: bool = False
    step_free: bool = False
    urgent: bool = False

    @property
    def who(self) -> str:
        """One of directory.WHO, as far as it is known."""
        if self.family:
            return "family"
        if self.age is None or self.sex not in ("female", "male"):
            return ""
        if self.age < ADULT:
            return "girl" if self.sex == "female" else "boy"
        return "woman" if self.sex == "female" else "man"


@dataclass(frozen=True, slots=True)
class Match:
    """A service and how well it fits. `fits` is False when something speaks against it for certain."""

    row: Row
    score: int
    fits: bool
    why: tuple[str, ...]
    why_not: tuple[str, ...]

    @property
    def service(self) -> Service:
        return self.row.service


@dataclass(slots=True)
class _Judgement:
    """Gathers reasons. A point is one reason for it; `against` takes points away, `never` rules it out."""

    score: int = 0
    fits: bool = True
    why: list[str] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)

    def pro(self, words: str, points: int) -> None:
        self.score += points
        self.why.append(words)

    def against(self, words: str, points: int) -> None:
        self.score -= points
        self.why_not.append(words)

    def never(self, words: str) -> None:
        self.fits = False
        self.why_not.append(words)


def find_services(viewer: Viewer, want: Want, *, most: int = 20) -> list[Match]:
    """Services of the wanted kind, best first; those that cannot be used come last and say why."""
    require(viewer, "services.service.list")
    now = timezone.now()
    rows = (
        Service.objects.filter(kind=want.kind, organisation__closed_on=None)
        .exclude(state=State.CLOSED)
        .select_related("organisation")
        .prefetch_related("places")
    )
    found = [_match(row_of(service, now), want) for service in rows]
    return sorted(found, key=lambda match: (not match.fits, -match.score, match.service.name))[:most]


def _match(row: Row, want: Want) -> Match:
    judged = _Judgement()
    if row.service.state != State.ACTIVE:
        judged.never(_("Suspended: %(reason)s") % {"reason": row.service.state_reason})
    _judge_person(judged, row.service, want)
    _judge_places(judged, row, want)
    _judge_area(judged, row.service, want)
    _judge_language(judged, row.service, want)
    _judge_hours(judged, row, want)
    if row.service.cost != "free":
        judged.against(label("palermo/service_cost", row.service.cost), 1)
    return Match(row, judged.score, judged.fits, tuple(judged.why), tuple(judged.why_not))


def _judge_person(judged: _Judgement, service: Service, want: Want) -> None:
    if want.crime and service.crime not in ("both", want.crime):
        judged.never(_("Open to: %(who)s.") % {"who": label("palermo/service_crime", service.crime)})
    if want.sex and service.sexes:
        if want.sex in service.sexes:
            judged.pro(_("Takes: %(sex)s.") % {"sex": label("palermo/sex", want.sex)}, 2)
        else:
            judged.never(_("Does not take: %(sex)s.") % {"sex": label("palermo/sex", want.sex)})
    if want.age is not None:
        _judge_age(judged, service, want.age)
    if want.family and service.families:
        judged.pro(_("Takes families together."), 2)
    elif want.family:
        judged.never(_("Does not take families together."))
    if want.step_free:
        _judge_steps(judged, service)


def _judge_age(judged: _Judgement, service: Service, age: int) -> None:
    low, high = service.age_from, service.age_until
    if low is not None and age < low:
        judged.never(_("From %(n)s years only.") % {"n": low})
    elif high is not None and age > high:
        judged.never(_("Until %(n)s years only.") % {"n": high})
    elif low is not None or high is not None:
        judged.pro(_("The age fits."), 2)


def _judge_steps(judged: _Judgement, service: Service) -> None:
    if service.step_free:
        judged.pro(_("Can be reached without steps."), 2)
    elif service.step_free is None:
        judged.against(_("Whether there are steps is not recorded: ask."), 1)
    else:
        judged.never(_("There are steps."))


def _judge_places(judged: _Judgement, row: Row, want: Want) -> None:
    free = row.free_for(want.who)
    if free is None:
        return
    if free == 0:
        judged.never(_("No free place for this group.") if row.free else _("Full."))
    else:
        judged.pro(_("Free places: %(n)s.") % {"n": free}, 4)
    if row.stale:
        judged.against(_("The free places were not told today: call first."), 2)


def _judge_area(judged: _Judgement, service: Service, want: Want) -> None:
    if not want.area:
        return
    if want.area in service.areas:
        judged.pro(_("In %(area)s.") % {"area": area_names().get(want.area, want.area)}, 4)
    elif not service.areas:
        judged.pro(_("For the whole country."), 2)
    elif service.remote:
        judged.pro(_("By telephone or online."), 1)
    else:
        judged.against(_("In another area."), 4)


def _judge_language(judged: _Judgement, service: Service, want: Want) -> None:
    if not want.language:
        return
    name = label("palermo/language", want.language)
    if want.language in service.languages:
        judged.pro(_("Speaks %(language)s.") % {"language": name}, 3)
    else:
        judged.against(_("%(language)s needs an interpreter.") % {"language": name}, 1)


def _judge_hours(judged: _Judgement, row: Row, want: Want) -> None:
    if row.is_open:
        judged.pro(
            _("Open day and night.") if row.service.around_the_clock else _("Open now."),
            3 if want.urgent else 1,
        )
    elif row.is_open is False and want.urgent:
        judged.against(_("Closed now."), 3)
