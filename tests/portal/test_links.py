"""Links, cookies, limits and headers: what a stranger, a mail scanner and a shared computer may see."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from waffle import get_waffle_flag_model

from tests import factories as make
from tests.portal.journey import Visitor, without_nonces
from wagtail_cohorts import flags
from wagtail_cohorts.cohorts.operations import cancel_cohort
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import revoke_link, rotate_link, token_of
from wagtail_cohorts.portal.access import cookie_name

pytestmark = pytest.mark.django_db
ASK = reverse("wagtail_cohorts:ask_for_link")


def entry(token: str) -> str:
    return reverse("wagtail_cohorts:open_link", kwargs={"token": token})


def test_the_token_is_exchanged_for_a_cookie_of_that_link_alone(visitor: Visitor) -> None:
    answer = Client().get(visitor.entry)
    assert answer.status_code == 303 and answer.url == visitor.url("welcome")
    cookie = answer.cookies[cookie_name(visitor.link.uuid)]
    assert cookie["path"] == visitor.url("welcome") and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert not cookie["secure"] and token_of(visitor.link) not in cookie.value


def test_the_cookie_is_secure_over_https(visitor: Visitor) -> None:
    answer = Client().get(visitor.entry, secure=True)
    assert answer.cookies[cookie_name(visitor.link.uuid)]["secure"]


def test_no_page_names_the_token(visitor: Visitor) -> None:
    token = token_of(visitor.link)
    for name in ("welcome", "details", "documents", "review"):
        assert token not in visitor.get(name).content.decode()


def test_two_people_share_one_phone() -> None:
    cohort = make.enrolling()
    first = Visitor(make.invited(cohort))
    second = Visitor(make.invited(cohort), client=first.client)
    assert first.enrollment.full_name in first.get("welcome").content.decode()
    assert second.enrollment.full_name in second.get("welcome").content.decode()


def test_without_the_cookie_the_clean_address_opens_nothing(visitor: Visitor) -> None:
    stranger = Client()
    for name in ("welcome", "details", "documents", "signature", "review", "status", "decline"):
        answer = stranger.get(visitor.url(name))
        assert answer.status_code == 404 and "This link is closed" in answer.content.decode(), name
        assert visitor.enrollment.first_name not in answer.content.decode()


def test_a_cookie_of_one_link_does_not_open_another() -> None:
    cohort = make.enrolling()
    mine, other = Visitor(make.invited(cohort)), Visitor(make.invited(cohort))
    value = mine.client.cookies[cookie_name(mine.link.uuid)].value
    thief = Client()
    thief.cookies[cookie_name(other.link.uuid)] = value
    assert thief.get(other.url("welcome")).status_code == 404


def test_another_students_agreements_and_files_are_not_there(visitor: Visitor) -> None:
    other = make.submitted(visitor.enrollment.cohort)
    agreement, upload = other.agreements.get(), other.uploads.current().get()
    for name in ("agreement", "read", "copy"):
        assert visitor.get(name, agreement=agreement.uuid).status_code == 404, name
    assert visitor.post("save", agreement=agreement.uuid).status_code == 404
    assert visitor.get("page", agreement=agreement.uuid, page=1, width=160).status_code == 404
    assert visitor.get("file", upload=upload.uuid).status_code == 404
    assert visitor.get("file_image", upload=upload.uuid, page=1, width=160).status_code == 404
    assert visitor.post("remove_file", upload=upload.uuid).status_code == 404
    foreign = make.enrolling().required_documents.get()
    assert visitor.post("add_files", document=foreign.uuid).status_code == 404


def test_rotating_kills_the_old_link_and_open_pages_at_once(visitor: Visitor) -> None:
    assert visitor.get("welcome").status_code == 200
    rotate_link(visitor.link)
    assert visitor.get("welcome").status_code == 404
    assert Client().get(visitor.entry).status_code == 404


def test_unknown_expired_revoked_and_withdrawn_look_the_same() -> None:
    cohort = make.enrolling()
    expired, revoked, gone = (make.invited(cohort) for _ in range(3))
    tokens = [token_of(link_of(one)) for one in (expired, revoked, gone)]
    PersonalLink.objects.filter(subject_key=expired.stream_key).update(
        expires_at=timezone.now() - timedelta(days=2000)
    )
    revoke_link(link_of(revoked))
    withdraw(gone, reason="Moved away", actor=make.actor_of(cohort.institution))
    answers = [Client().get(entry(token)) for token in [*tokens, "x" * 43, "x"]]
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_nonces(answer.content.decode()) for answer in answers}) == 1


def test_a_cancelled_cohort_closes_its_pages(visitor: Visitor) -> None:
    cancel_cohort(
        visitor.enrollment.cohort, reason="No funds", actor=make.actor_of(visitor.enrollment.institution)
    )
    assert visitor.get("welcome").status_code == 404 and Client().get(visitor.entry).status_code == 404


@pytest.mark.parametrize("name", [flags.FEATURE, flags.STUDENTS])
def test_a_closed_flag_closes_the_pages_and_keeps_the_data(visitor: Visitor, name: str) -> None:
    get_waffle_flag_model().objects.filter(name=name).update(everyone=False)
    assert visitor.get("details").status_code == 404 and Client().get(visitor.entry).status_code == 404
    get_waffle_flag_model().objects.filter(name=name).update(everyone=True)
    assert visitor.get("details").status_code == 200


def test_a_mail_scanner_changes_nothing(visitor: Visitor) -> None:
    before = Event.objects.count()
    for _ in range(5):
        Client().get(visitor.entry, follow=True)
        Client().head(visitor.entry)
    visitor.get("documents")
    link = PersonalLink.objects.get(pk=visitor.link.pk)
    assert link.opened_at is None and Event.objects.count() == before
    assert Enrollment.objects.get(pk=visitor.enrollment.pk).state == "waiting"


def test_the_first_thing_a_person_does_marks_the_link_as_opened(visitor: Visitor) -> None:
    visitor.post("documents")
    assert PersonalLink.objects.get(pk=visitor.link.pk).opened_at is not None


def test_no_log_line_holds_a_token(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = token_of(visitor.link)
    Client().get(visitor.entry)
    revoke_link(visitor.link)
    Client().get(visitor.entry)
    Client().get(entry("some-unknown-token"))
    assert token not in caplog.text and "some-unknown-token" not in caplog.text


def test_after_thirty_wrong_tokens_a_minute_there_is_a_pause() -> None:
    stranger = Client()
    codes = [stranger.get(entry(f"wrong{number}")).status_code for number in range(31)]
    assert codes == [404] * 30 + [429]
    assert stranger.get(entry("again"))["Retry-After"] == "60"


def test_a_class_that_opens_its_links_at_once_is_not_slowed_down(visitor: Visitor) -> None:
    assert {Client().get(visitor.entry).status_code for _ in range(40)} == {303}


def test_the_proxy_count_decides_whose_address_counts(visitor: Visitor, settings: Any) -> None:
    settings.WAGTAIL_COHORTS_TRUSTED_PROXIES = 1
    settings.WAGTAIL_COHORTS_RATE_LIMITS = {"token": (1, 60)}

    def ask(forwarded: str) -> int:
        return Client().get(entry("nope"), headers={"x-forwarded-for": forwarded}).status_code

    assert [ask("1.1.1.1, 9.9.9.9"), ask("2.2.2.2, 9.9.9.9"), ask("3.3.3.3")] == [404, 429, 404]


def test_every_answer_has_the_headers(visitor: Visitor) -> None:
    agreement = visitor.enrollment.agreements.get()
    answers = [
        visitor.get("welcome"), visitor.get("review"), Client().get(visitor.entry), Client().get(entry("x")),
        visitor.post("details", {}), Client().get(reverse("wagtail_cohorts:verify")), Client().get(ASK),
        visitor.get("page", agreement=agreement.uuid, page=1, width=160), Client().get(visitor.url("status")),
    ]  # fmt: skip
    for answer in answers:
        assert answer["X-Frame-Options"] == "DENY" and "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"] and answer["X-Content-Type-Options"] == "nosniff"
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy or policy.startswith("sandbox")
        assert "unsafe" not in policy
        assert answer["Referrer-Policy"] in ("same-origin", "strict-origin", "no-referrer")
    assert answers[3]["Referrer-Policy"] == "strict-origin"


def test_forms_are_refused_without_their_token_and_taken_over_https(visitor: Visitor) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(visitor.entry, secure=True)
    for name in ("details", "documents", "signature", "review", "decline"):
        assert strict.post(visitor.url(name), {}, secure=True).status_code == 403, name
    assert strict.post(ASK, {"email": "a@example.com"}, secure=True).status_code == 403
    page = strict.get(visitor.url("documents"), secure=True).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    data = {"csrfmiddlewaretoken": found[1]}
    headers = {"origin": "https://testserver"}
    assert strict.post(visitor.url("documents"), data, secure=True, headers=headers).status_code == 303
    headers = {"referer": f"https://testserver{visitor.url('documents')}"}
    assert strict.post(visitor.url("documents"), data, secure=True, headers=headers).status_code == 303


def test_leaving_forgets_the_person_on_this_device(visitor: Visitor) -> None:
    answer = visitor.client.post(reverse("wagtail_cohorts:leave", kwargs={"link": visitor.link.uuid}))
    assert answer.status_code == 200 and "Closed on this device" in answer.content.decode()
    assert visitor.get("welcome").status_code == 404
    cookie = answer.cookies[cookie_name(visitor.link.uuid)]
    assert cookie["path"] == visitor.url("welcome") and cookie["max-age"] == 0


def test_leaving_takes_a_sponsors_cookie_by_its_own_path() -> None:
    make.ready()
    link = PersonalLink.objects.get(kind="sponsor")
    answer = Client().post(reverse("wagtail_cohorts:leave", kwargs={"link": link.uuid}))
    home = reverse("wagtail_cohorts:sponsor_home", kwargs={"link": link.uuid})
    assert answer.cookies[cookie_name(link.uuid)]["path"] == home


def test_the_institutions_colour_is_a_cacheable_file(visitor: Visitor) -> None:
    page = visitor.get("welcome").content.decode()
    found = re.search(r'href="(/[^"]+/style/[^"]+\.css)"', page)
    assert found
    answer = Client().get(found[1])
    assert answer["Content-Type"].startswith("text/css") and "immutable" in answer["Cache-Control"]
    assert "--institution:#0f4c5c;" in answer.content.decode()
    assert Client().get(found[1].replace(".css", "0.css")).status_code == 404


def test_another_host_name_in_the_request_changes_no_link(visitor: Visitor) -> None:
    assert Client().get(visitor.entry, headers={"host": "evil.example"}).status_code == 400


def test_a_language_that_is_not_offered_is_ignored(visitor: Visitor) -> None:
    answer = visitor.client.get(visitor.url("welcome") + "?language=//evil.example")
    assert (
        answer.status_code == 303
        and answer.url == visitor.url("welcome")
        and "wc_language" not in answer.cookies
    )
