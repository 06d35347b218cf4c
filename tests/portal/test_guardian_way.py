"""A guardian's whole way through the pages, as plain forms; and what closes them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from waffle import get_waffle_flag_model

from tests import factories as make
from tests.portal.journey import GuardianVisitor, Visitor, seen_value
from wagtail_cohorts import flags
from wagtail_cohorts.cohorts.operations import cancel_cohort
from wagtail_cohorts.enrollments.guardians import guardian_of, name_guardian, revoke_guardian_link
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.signing.models import Act

pytestmark = pytest.mark.django_db
MINOR = make.years_ago(16)
NOMSA = {"name": "Nomsa Dube", "relation": "mother", "email": "nomsa@example.com", "phone": ""}


@pytest.fixture
def visitor() -> GuardianVisitor:
    """A guardian whom the student has just asked."""
    cohort = make.with_guardian(name="Data 2027")
    student = make.submitted(cohort, birth_date=MINOR, first_name="Thabo", last_name="Dube")
    return GuardianVisitor(student)


def agreement_of(visitor: Visitor) -> Any:
    return visitor.enrollment.agreements.get()


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def fill(visitor: GuardianVisitor) -> None:
    visitor.post("agreement", {"f-guardian_id": "7001015009087"}, agreement=agreement_of(visitor).uuid)
    visitor.post("signature", {"method": "type", "typed_name": "Nomsa Mokoena"})


def sign(visitor: GuardianVisitor) -> Any:
    return visitor.post("review", {"seen": seen_value(visitor.get("review")), "consent": "yes"})


def test_a_guardian_goes_from_the_link_to_signed_with_plain_forms(visitor: GuardianVisitor) -> None:
    welcome = text_of(visitor.get("welcome"))
    assert "Thabo takes part in Data 2027 at Institute" in welcome and "is under 18" in welcome
    page = visitor.get("agreement", agreement=agreement_of(visitor).uuid)
    assert "Thabo and Institute" in text_of(page) and "f-guardian_id" in page.content.decode()
    assert "f-street" not in page.content.decode()
    fill(visitor)
    review = text_of(visitor.get("review"))
    assert "you sign this agreement as Nomsa Mokoena, guardian of Thabo Dube" in review
    answer = sign(visitor)
    assert answer.status_code == 303 and answer.url == visitor.url("status")
    done = visitor.get("status")
    assert "You have signed" in text_of(done)
    copy = visitor.get("copy", agreement=agreement_of(visitor).uuid)
    assert b"".join(copy.streaming_content if copy.streaming else [copy.content]).startswith(b"%PDF")
    act = Act.objects.get(agreement=agreement_of(visitor), role_key="guardian")
    assert (act.signer_name, act.mark.method) == ("Nomsa Mokoena", "typed")  # type: ignore[union-attr]
    assert not Enrollment.objects.get(pk=visitor.enrollment.pk).waits_for_guardian


def test_the_guardian_sees_the_page_as_the_student_left_it_and_nothing_else(visitor: GuardianVisitor) -> None:
    key = agreement_of(visitor).uuid
    image = visitor.get("page", agreement=key, page=1, width=1200)
    assert image.status_code == 200 and image["Content-Type"] == "image/webp"
    other = make.submitted(visitor.enrollment.cohort).agreements.get()
    assert visitor.get("read", agreement=other.uuid).status_code == 404
    upload = visitor.enrollment.uploads.get()
    assert visitor.client.get(f"{visitor.url('welcome')}files/{upload.uuid}/").status_code == 404
    plain = make.published(visitor.enrollment.institution)
    from wagtail_cohorts.enrollments.models import Agreement

    mine_alone = Agreement.objects.create(
        institution=visitor.enrollment.institution, cohort=visitor.enrollment.cohort, version=plain,
        enrollment=visitor.enrollment, subject_key=str(visitor.enrollment.uuid),
    )  # fmt: skip
    assert visitor.get("read", agreement=mine_alone.uuid).status_code == 404


def test_answers_are_kept_by_the_script_and_wrong_consent_signs_nothing(visitor: GuardianVisitor) -> None:
    key = agreement_of(visitor).uuid
    answer = visitor.client.post(
        visitor.url("save", agreement=key), {"values": {"guardian_id": "7"}}, content_type="application/json"
    )
    assert answer.json()["errors"] == {} and agreement_of(visitor).values["guardian"] == {"guardian_id": "7"}
    visitor.post("signature", {"method": "type", "typed_name": "Nomsa Mokoena"})
    page = visitor.post("review", {"seen": seen_value(visitor.get("review"))})
    assert "Tick this box" in text_of(page)
    assert not Act.objects.filter(role_key="guardian").exists()


def test_nothing_is_signed_without_a_signature_or_an_answer(visitor: GuardianVisitor) -> None:
    page = visitor.post("review", {"seen": seen_value(visitor.get("review")), "consent": "yes"})
    assert page.status_code == 409 and "2 things are still missing" in text_of(page)


def test_the_review_of_the_student_is_no_review_of_the_guardian(visitor: GuardianVisitor) -> None:
    student = make.filled(make.invited(visitor.enrollment.cohort))
    fill(visitor)
    foreign = seen_value(Visitor(student).get("review"))
    page = visitor.post("review", {"seen": foreign, "consent": "yes"})
    assert page.status_code == 409 and not Act.objects.filter(role_key="guardian").exists()


def test_a_guardian_declines_with_a_reason_and_the_student_reads_it(visitor: GuardianVisitor) -> None:
    assert "Write a few words" in text_of(visitor.post("decline", {"reason": " "}))
    answer = visitor.post("decline", {"reason": "Too far from home"})
    assert answer.status_code == 303
    assert "You told" in text_of(visitor.get("welcome"))
    student = text_of(Visitor(visitor.enrollment).get("welcome"))
    assert "Nomsa Mokoena does not agree" in student and "Too far from home" in student


def test_before_and_after_there_is_nothing_to_sign(visitor: GuardianVisitor) -> None:
    early = make.invited(visitor.enrollment.cohort, birth_date=MINOR)
    name_guardian(early, NOMSA, actor=make.student_actor(early))
    assert "nothing to sign yet" in text_of(GuardianVisitor(early).get("welcome"))
    fill(visitor)
    sign(visitor)
    for name in ("review", "signature", "decline"):
        assert visitor.get(name).url == visitor.url("status")


def test_a_withdrawn_student_a_cancelled_cohort_a_revoked_link_and_the_flag_close_the_pages(
    visitor: GuardianVisitor,
) -> None:
    staff = make.actor_of(visitor.enrollment.institution)
    flag = get_waffle_flag_model().objects.get(name=flags.STUDENTS)
    flag.everyone = False
    flag.save()
    assert visitor.get("welcome").status_code == 404
    flag.everyone = True
    flag.save()
    assert visitor.get("welcome").status_code == 200
    revoke_guardian_link(guardian_of(visitor.enrollment), actor=staff)  # type: ignore[arg-type]
    assert visitor.get("welcome").status_code == 404
    other = GuardianVisitor(make.submitted(visitor.enrollment.cohort, birth_date=MINOR))
    withdraw(other.enrollment, reason="x", actor=staff)
    assert other.get("welcome").status_code == 404
    third = GuardianVisitor(make.submitted(visitor.enrollment.cohort, birth_date=MINOR))
    cancel_cohort(visitor.enrollment.cohort, reason="x", actor=staff)
    assert third.get("welcome").status_code == 404


def test_a_guardian_whose_link_ran_out_asks_for_a_new_one(visitor: GuardianVisitor) -> None:
    run_due_deliveries(limit=100)
    PersonalLink.objects.filter(pk=visitor.link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    assert visitor.get("welcome").status_code == 404
    mail.outbox.clear()
    address = guardian_of(visitor.enrollment).email  # type: ignore[union-attr]
    Client().post("/papers/new-link/", {"email": address.upper()})
    run_due_deliveries(limit=100)
    assert [message.to for message in mail.outbox] == [[address]]
    assert GuardianVisitor(visitor.enrollment).get("welcome").status_code == 200


def test_a_student_under_18_names_the_guardian_on_a_page_of_its_own() -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR, email="thabo@example.com")
    visitor = Visitor(student)
    details = {"first_name": "Thabo", "last_name": "Dube", "birth_date": MINOR, "city": "Midrand",
               "gender": "male", "race": "african", "disability": "no"}  # fmt: skip
    assert visitor.post("details", details).url == visitor.url("guardian")
    assert "Step 2 of 5" in text_of(visitor.get("guardian"))
    page = visitor.post("guardian", {**NOMSA, "email": "THABO@example.com"})
    assert "own address" in text_of(page) and "Nomsa Dube" in page.content.decode()
    assert "Choose one" in text_of(visitor.post("guardian", {**NOMSA, "relation": ""}))
    answer = visitor.post("guardian", NOMSA)
    assert answer.status_code == 303 and "/documents/" in answer.url
    assert guardian_of(student).name == "Nomsa Dube"  # type: ignore[union-attr]
    assert "Nomsa Dube is asked to sign too" in text_of(visitor.get("review"))


def test_an_adult_never_sees_the_page_about_a_guardian() -> None:
    visitor = Visitor(make.invited(make.with_guardian(), birth_date=make.years_ago(20)))
    assert "/details/" in visitor.get("guardian").url
    assert visitor.post("guardian", NOMSA).status_code == 303 and guardian_of(visitor.enrollment) is None


def test_the_status_page_says_that_it_waits_for_the_guardian(visitor: GuardianVisitor) -> None:
    student = Visitor(visitor.enrollment)
    waiting = text_of(student.get("status"))
    assert "Nomsa Mokoena signs" in waiting and "Nothing can go on before this signature" in waiting
    fill(visitor)
    sign(visitor)
    assert "Nothing can go on before" not in text_of(student.get("status"))
    assert "Nomsa Mokoena" in text_of(student.get("status"))
