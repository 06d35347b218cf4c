from __future__ import annotations

import json

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor
from wagtail_cohorts.evidence.canonical import canonical_json, commitment, event_hash
from wagtail_cohorts.evidence.models import Event, EventDetail, Stream
from wagtail_cohorts.evidence.operations import NewEvent, append, append_all, open_stream
from wagtail_cohorts.evidence.verification import verify_stream

PERSON = Actor("student", "enrollment:x", name="Naledi Mokoena", ip="10.0.0.1", user_agent="Phone")
scalars = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@pytest.fixture
def stream(db: None) -> Stream:
    made = open_stream("cohort:test", institution_id=make.institution().pk)
    for number in range(5):
        with transaction.atomic():
            append(
                "cohort:test", "thing.happened", actor=PERSON, data={"n": number}, details={"why": "because"}
            )
    return Stream.objects.get(pk=made.pk)


def events(stream: Stream) -> list[Event]:
    return list(stream.events.order_by("seq"))


@given(values)
def test_canonical_json_is_the_same_for_equal_values(value: object) -> None:
    assert canonical_json(value) == canonical_json(json.loads(canonical_json(value)))


def test_canonical_json_refuses_floats() -> None:
    with pytest.raises(TypeError):
        canonical_json({"amount": [1.5]})


def test_a_chain_verifies(stream: Stream) -> None:
    report = verify_stream(stream)
    assert (report.problem, report.events, report.bad_seq) == ("", 5, None)


def test_the_payload_names_nobody(stream: Stream) -> None:
    for event in events(stream):
        assert (
            "Naledi" not in event.payload
            and "10.0.0.1" not in event.payload
            and "because" not in event.payload
        )


def test_a_changed_payload_is_found_at_its_place(stream: Stream) -> None:
    third = events(stream)[2]
    Event.objects.filter(pk=third.pk).update(payload=third.payload.replace('"n":2', '"n":9'))
    assert verify_stream(stream).bad_seq == 3


def test_a_removed_event_is_found(stream: Stream) -> None:
    second = events(stream)[1]
    EventDetail.objects.filter(event=second).delete()
    Event.objects.filter(pk=second.pk).delete()
    report = verify_stream(stream)
    assert report.bad_seq == 2 and "missing" in report.problem


def test_a_truncated_tail_is_found_by_the_head(stream: Stream) -> None:
    last = events(stream)[-1]
    EventDetail.objects.filter(event=last).delete()
    Event.objects.filter(pk=last.pk).delete()
    report = verify_stream(stream)
    assert report.bad_seq == 5 and "missing at the end" in report.problem


def test_two_swapped_events_are_found(stream: Stream) -> None:
    second, third = events(stream)[1:3]
    Event.objects.filter(pk=second.pk).update(seq=99)
    Event.objects.filter(pk=third.pk).update(seq=2)
    Event.objects.filter(pk=second.pk).update(seq=3)
    assert verify_stream(stream).bad_seq == 2


def test_a_changed_detail_is_found(stream: Stream) -> None:
    detail = events(stream)[3].detail
    EventDetail.objects.filter(pk=detail.pk).update(data=detail.data.replace("because", "for fun"))
    report = verify_stream(stream)
    assert report.bad_seq == 4 and "details" in report.problem


def test_a_renamed_event_is_found(stream: Stream) -> None:
    first = events(stream)[0]
    Event.objects.filter(pk=first.pk).update(name="other.thing")
    assert verify_stream(stream).bad_seq == 1


def test_erasing_details_leaves_the_chain_whole(stream: Stream) -> None:
    EventDetail.objects.filter(event__stream=stream).delete()
    report = verify_stream(stream)
    assert (report.problem, report.erased) == ("", 5)


def test_appending_outside_a_transaction_is_refused(transactional_db: None) -> None:
    open_stream("cohort:bare", institution_id=make.institution().pk)
    with pytest.raises(RuntimeError):
        append("cohort:bare", "thing.happened", actor=SYSTEM_ACTOR)


@pytest.mark.django_db
def test_a_stream_is_made_with_its_subject_only() -> None:
    with pytest.raises(LookupError):
        append("cohort:nobody", "thing.happened", actor=SYSTEM_ACTOR)


@pytest.mark.django_db
def test_many_events_in_many_streams_are_appended_with_a_fixed_number_of_queries(
    django_assert_num_queries: object,
) -> None:
    institution = make.institution()
    for number in range(30):
        open_stream(f"s:{number}", institution_id=institution.pk)
    few = [NewEvent(f"s:{number % 5}", "thing.happened", {"n": number}) for number in range(5)]
    many = [NewEvent(f"s:{number}", "thing.happened", {"n": number}) for number in range(30)]
    with django_assert_num_queries(3):  # type: ignore[operator]
        append_all(few, actor=SYSTEM_ACTOR)
    with django_assert_num_queries(3):  # type: ignore[operator]
        append_all(many, actor=SYSTEM_ACTOR)
    assert all(not verify_stream(row).problem for row in Stream.objects.filter(key__startswith="s:"))


def test_hashes_depend_on_every_part() -> None:
    base = event_hash("a", "s", 1, "p")
    assert (
        len({base, event_hash("b", "s", 1, "p"), event_hash("a", "t", 1, "p"), event_hash("a", "s", 2, "p")})
        == 4
    )
    assert commitment("salt", "x") != commitment("other", "x")
