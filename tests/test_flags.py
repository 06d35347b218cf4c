from __future__ import annotations

import pytest
from django.test import RequestFactory
from waffle import get_waffle_flag_model

from tests import factories as make
from wagtail_cohorts.flags import BULK_SIGNING, EXPORTS, FEATURE, FLAGS, create_flags, is_open

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def flags() -> None:
    create_flags()


def switch(name: str, **values: object) -> None:
    get_waffle_flag_model().objects.filter(name=name).update(**values)


def test_after_migrating_everything_is_open() -> None:
    assert all(is_open(name) for name in FLAGS)


def test_making_flags_again_leaves_a_closed_one_closed() -> None:
    switch(EXPORTS, everyone=False)
    create_flags()
    assert not is_open(EXPORTS)


def test_closing_takes_effect_on_the_next_request() -> None:
    assert is_open(EXPORTS, request=RequestFactory().get("/"))
    switch(EXPORTS, everyone=False)
    assert not is_open(EXPORTS, request=RequestFactory().get("/"))


def test_nothing_is_open_while_the_whole_is_closed() -> None:
    switch(FEATURE, everyone=False)
    assert not any(is_open(name) for name in FLAGS)


def test_a_missing_flag_is_closed() -> None:
    get_waffle_flag_model().objects.filter(name=BULK_SIGNING).delete()
    assert not is_open(BULK_SIGNING)


def test_an_institution_can_be_closed_alone() -> None:
    one, two = make.institution(), make.institution()
    one.closed_flags = [BULK_SIGNING]
    one.save()
    assert not is_open(BULK_SIGNING, institution=one) and is_open(BULK_SIGNING, institution=two)


def test_a_percentage_is_of_institutions_and_always_answers_the_same() -> None:
    switch(EXPORTS, everyone=None, percent="50.0", superusers=False)
    institutions = [make.institution() for _ in range(30)]
    answers = [is_open(EXPORTS, institution=one) for one in institutions]
    assert answers == [is_open(EXPORTS, institution=one) for one in institutions]
    assert 3 < sum(answers) < 27


def test_a_flag_for_one_user_opens_for_that_user_only() -> None:
    switch(EXPORTS, everyone=None, superusers=False)
    user, other = make.user(), make.user()
    get_waffle_flag_model().objects.get(name=EXPORTS).users.add(user)
    for person, expected in ((user, True), (other, False)):
        request = RequestFactory().get("/")
        request.user = person
        assert is_open(EXPORTS, request=request) is expected


def test_one_request_asks_the_database_once(django_assert_num_queries: object) -> None:
    request = RequestFactory().get("/")
    with django_assert_num_queries(1):  # type: ignore[operator]
        for name in FLAGS:
            is_open(name, request=request)
