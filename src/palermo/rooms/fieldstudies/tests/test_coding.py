"""Codes, the second coder who sees nothing, alpha against hand figures, findings and what leaves the room."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from palermo.kernel.access.context import acting
from palermo.kernel.errors import Conflict, Invalid, Refused, Stale
from palermo.rooms.fieldstudies import actions, queries
from palermo.rooms.fieldstudies.actions.demo import CLAIM
from palermo.rooms.fieldstudies.models import Code, Double, Evidence, Finding, Segment, Source

pytestmark = pytest.mark.django_db


def give(viewer: Any, source: Source, sentence: int, name: str, **more: Any) -> Segment:
    start, end = source.units[sentence]
    code = Code.objects.get(study=source.study, name=name)
    return actions.add_segment(actor=viewer, source=source, code=code, start=start, end=end, **more)


def of(coded: Any, code: str) -> Source:
    return Source.objects.select_related("study").get(study=coded.study, code=code)


def test_a_code_is_given_taken_back_and_put_back(coded: Any) -> None:
    with acting(coded.people.analyst.viewer) as viewer:
        source = of(coded, "M-02")
        made = give(viewer, source, 1, "Abuse", memo="He left them.")
        with pytest.raises(Invalid):
            give(viewer, source, 1, "Abuse")
        one = queries.segment(viewer, coded.study, made.pk)
        assert queries.memos(viewer, source, [one]) == ["He left them."]
        actions.take_back(actor=viewer, segment=one, expected_version=1)
        with pytest.raises(Stale):
            actions.take_back(actor=viewer, segment=one, expected_version=1)
        assert give(viewer, source, 1, "Abuse").pk == made.pk, "undone, not made anew"
        code = Code.objects.get(study=coded.study, name="Abuse")
        with pytest.raises(Invalid):
            actions.add_segment(actor=viewer, source=source, code=code, start=0, end=99_999)
        cited = queries.segment(viewer, coded.study, Evidence.objects.first().segment_id)
        with pytest.raises(Conflict):
            actions.take_back(actor=viewer, segment=cited, expected_version=cited.version)
        with pytest.raises(IntegrityError), transaction.atomic():
            Segment.objects.filter(pk=cited.pk).update(removed=True)
    with acting(coded.people.second_analyst.viewer) as viewer:
        mine = queries.segment(viewer, coded.study, made.pk)
        with pytest.raises(Refused):
            actions.take_back(actor=viewer, segment=mine, expected_version=mine.version)


def test_a_change_of_a_code_keeps_what_it_meant(coded: Any) -> None:
    with acting(coded.people.analyst.viewer) as viewer:
        one = Code.objects.get(study=coded.study, name="Abuse")
        values = {"name": "Abuse", "definition": "Another meaning"}
        actions.save_code(actor=viewer, study=coded.study, values=values, code=one, expected_version=1)
        assert one.wordings.get().values["definition"].startswith("Violence")
        with pytest.raises(Stale):
            actions.save_code(actor=viewer, study=coded.study, values=values, code=one, expected_version=1)
        with pytest.raises(Invalid):
            actions.save_code(actor=viewer, study=coded.study, values={"name": "Abuse"})
        made = actions.save_code(
            actor=viewer, study=coded.study, values={"name": "Shame", "parent": str(one.pk)}
        )
        assert made.parent_id == one.pk


def drawn(coded: Any) -> Double:
    people = coded.people
    with acting(people.analyst.viewer) as viewer:
        made = actions.draw_double(
            actor=viewer, study=coded.study, second=str(people.second_analyst.pk), seed=4
        )
        assert len(made) == 1, "a tenth of three is one"
        with pytest.raises(Invalid):
            actions.draw_double(actor=viewer, study=coded.study, second=str(people.case_worker.pk), seed=4)
        return made[0]


def test_the_second_coder_is_blind_until_done(coded: Any) -> None:
    double = drawn(coded)
    with acting(coded.people.analyst.viewer) as viewer:
        there = Segment.objects.filter(source=double.source).count()
        source = Source.objects.select_related("study").get(pk=double.source_id)
        with pytest.raises(Conflict):
            give(viewer, source, 0, "Roles")
    with acting(coded.people.second_analyst.viewer) as viewer:
        assert not Segment.objects.filter(source=double.source).exists(), "the wall hides them"
        source = Source.objects.select_related("study").get(pk=double.source_id)
        give(viewer, source, 0, "Way of paying")
        give(viewer, source, 0, "Roles")
        assert queries.differences(double) == []
        one = queries.double(viewer, coded.study, double.pk)
        actions.close_double(actor=viewer, double=one, expected_version=one.version)
        assert Segment.objects.filter(source=double.source).count() == there + 2
        with pytest.raises(Conflict):
            give(viewer, source, 1, "Roles")
        found = {(one.code.name, one.number, one.first_gave) for one in queries.differences(one)}
        assert ("Roles", 1, False) in found
        assert not any(name == "Way of paying" and number == 1 for name, number, _who in found)
        told = {one.name: alpha for one, alpha in queries.agreements(viewer, coded.study)}
        n = len(source.units)
        # One coder gave it to one sentence of n, the other to none: Do = 2/2n, De = 2(2n-1)/(2n(2n-1)) = Do.
        assert told["Roles"].value == pytest.approx(0.0)
        assert (told["Roles"].units, told["Roles"].verdict) == (n, "no")
        assert told == {one.name: alpha for one, alpha in queries.agreements(viewer, coded.study)}


def test_a_disagreement_is_settled_once_and_on_record(coded: Any) -> None:
    double = drawn(coded)
    with acting(coded.people.second_analyst.viewer) as viewer:
        one = queries.double(viewer, coded.study, double.pk)
        actions.close_double(actor=viewer, double=one, expected_version=1)
    with acting(coded.people.analyst.viewer) as viewer:
        one = queries.double(viewer, coded.study, double.pk)
        before = queries.agreements(viewer, coded.study)
        many = queries.differences(one)
        given = {"actor": viewer, "double": one, "code": many[0].code, "unit": many[0].unit, "holds": True}
        with pytest.raises(Invalid):
            actions.adjudicate(**given, reason="so")
        actions.adjudicate(**given, reason="The definition says so.")
        assert len(queries.differences(one)) == len(many) - 1
        assert queries.settled(viewer, one)[0][2] == "The definition says so."
        assert queries.agreements(viewer, coded.study) == before, "settling changes no alpha"
        with pytest.raises(Invalid):
            actions.adjudicate(**given, reason="Once more, please.")


def test_saturation_follows_the_months(coded: Any) -> None:
    with acting(coded.people.analyst.viewer) as viewer:
        assert queries.saturated(viewer, coded.study) == (("M-01", 4, 4), ("M-02", 1, 5), ("O-01", 0, 5))


def test_only_approved_findings_and_released_quotes_leave(coded: Any) -> None:
    with acting(coded.people.analyst.viewer) as viewer:
        bearing = [str(one.pk) for one in Segment.objects.filter(source__code="M-02")]
        draft = actions.write_finding(
            actor=viewer, study=coded.study, claim="A second claim, alone.", bearing=bearing
        )
        with pytest.raises(Refused):
            actions.approve_finding(actor=viewer, finding=draft, expected_version=1)
        (one,) = queries.approved_findings(viewer)
        assert (one.claim, one.sources, one.types, one.contradicting) == (CLAIM, 2, 2, 1)
        assert one.corroborated
        assert one.indicators == ("F4",)
        assert one.quotes == (("Official", "[NAME] told us that half is paid ahead."),)
        assert queries.corroborated(viewer, coded.study) == 1.0
        assert queries.approved_findings(viewer, country="XXX") == []
        with pytest.raises(Invalid):
            actions.write_finding(actor=viewer, study=coded.study, claim="Nothing bears it out.", bearing=[])
        done = Finding.objects.get(number=1)
        with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
            Finding.objects.filter(pk=done.pk).update(reference="x")
    with acting(coded.people.second_analyst.viewer) as viewer:
        actions.approve_finding(actor=viewer, finding=Finding.objects.get(pk=draft.pk), expected_version=1)
        assert queries.corroborated(viewer, coded.study) == 0.5
        assert len(queries.approved_findings(viewer)) == 2
