"""E-mails that follow events: what they say, to whom, once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import invite_student, link_of
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.evidence.models import Delivery, Event, EventDetail
from wagtail_cohorts.institutions.models import Membership
from wagtail_cohorts.institutions.operations import remove_member
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import find_link, is_alive, revoke_link, token_of
from wagtail_cohorts.notifications.models import EmailMessageRecord
from wagtail_cohorts.uploads.operations import reject_upload

pytestmark = pytest.mark.django_db
PUBLIC = re.compile(r"http://testserver/[a-z/]+/o/([\w-]+)/")


def _send() -> list[EmailMultiAlternatives]:
    """Everything that is owed now; what was sent before is left out."""
    mail.outbox.clear()
    run_due_deliveries(limit=1000)
    return list(mail.outbox)  # type: ignore[arg-type]


def _only(kind: str) -> EmailMultiAlternatives:
    """The one e-mail of this kind among those sent now."""
    sent = _send()
    ids = set(EmailMessageRecord.objects.filter(kind=kind).values_list("message_id", flat=True))
    found = [one for one in sent if one.extra_headers["Message-ID"] in ids]
    assert len(found) == 1
    return found[0]


def _html(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def _staff(cohort: Any) -> Any:
    return make.actor_of(cohort.institution)


def test_an_invited_student_gets_a_letter_with_the_personal_link() -> None:
    cohort = make.enrolling(name="Data 2027", deadline=date.today() + timedelta(days=9))
    student = make.invited(cohort, first_name="Naledi", email="naledi@example.com")
    message = _only("student_invited")
    assert message.to == ["naledi@example.com"]
    assert message.subject == "Your papers for Data 2027"
    text = str(message.body)
    assert text.startswith("Hello Naledi,\n\n")
    assert "- Document 1\n" in text
    assert "Finish by" in text
    found = find_link(PUBLIC.search(text)[1])  # type: ignore[index]
    assert found == link_of(student)
    assert PUBLIC.search(_html(message))[1] == PUBLIC.search(text)[1]  # type: ignore[index]


def test_the_sender_is_the_institution_and_answers_go_to_its_own_address() -> None:
    cohort = make.enrolling(make.institution('Müller, "Smith" & Co', contact_name="Lindiwe"))
    make.invited(cohort)
    message = _only("student_invited")
    sent = message.message()
    assert sent["From"].endswith("<cohorts@example.com>")
    assert message.reply_to == ["office@example.com"]
    assert "Müller, &quot;Smith&quot; &amp; Co" in _html(message)
    assert 'Müller, "Smith" & Co' in str(message.body)
    assert sent["Auto-Submitted"] == "auto-generated"


def test_no_name_can_add_a_header() -> None:
    cohort = make.enrolling(make.institution("Evil\r\nBcc: all@example.com"), name="A\r\nBcc: x@example.com")
    make.invited(cohort)
    headers = _only("student_invited").message()
    assert headers["Bcc"] is None
    assert "\n" not in headers["Subject"]


def test_markup_in_a_name_stays_text_in_html_and_is_plain_in_text() -> None:
    cohort = make.enrolling(name="<b>R&D</b>")
    make.invited(cohort)
    message = _only("student_invited")
    assert "<b>R&D</b>" in str(message.body)
    assert "<b>R&D</b>" not in _html(message)
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in _html(message)


def test_the_link_is_kept_nowhere() -> None:
    student = make.invited(make.enrolling())
    _send()
    token = token_of(link_of(student))
    for model in (Event, EventDetail, Delivery, EmailMessageRecord, PersonalLink):
        for row in model._default_manager.values():
            assert token not in str(row)


def test_every_try_of_a_delivery_has_the_same_message_id_and_what_was_sent_is_not_sent_again(
    settings: Any,
) -> None:
    make.invited(make.enrolling())
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "no.such.backend"
    assert _send() == []
    record = EmailMessageRecord.objects.get()
    delivery = Delivery.objects.get(pk=record.delivery_id)
    assert (record.state, delivery.state) == (EmailMessageRecord.FAILED, Delivery.PENDING)
    settings.EMAIL_BACKEND = backend
    Delivery.objects.update(due_at=timezone.now(), lease_until=None)
    message = _only("student_invited")
    record.refresh_from_db()
    assert record.state == EmailMessageRecord.SENT
    assert message.extra_headers["Message-ID"] == record.message_id
    Delivery.objects.update(state=Delivery.PENDING, due_at=timezone.now())
    assert _send() == []


def test_a_second_invitation_carries_the_new_link_alone() -> None:
    cohort = make.enrolling()
    student = make.invited(cohort)
    first = PUBLIC.search(str(_only("student_invited").body))[1]  # type: ignore[index]
    invite_student(student, actor=_staff(cohort))
    second = PUBLIC.search(str(_send()[0].body))[1]  # type: ignore[index]
    assert find_link(first) is None
    assert find_link(second) is not None


def test_a_student_who_left_before_the_mail_went_out_gets_none() -> None:
    cohort = make.enrolling()
    withdraw(make.invited(cohort), reason="moved away", actor=_staff(cohort))
    assert _send() == []
    assert not Delivery.objects.exclude(state=Delivery.DONE).exists()


def test_closed_students_pages_send_no_mail() -> None:
    cohort = make.enrolling()
    make.invited(cohort)
    cohort.institution.closed_flags = ["cohorts_student_pages"]
    cohort.institution.save()
    assert _send() == []


def test_the_letter_is_written_in_the_institutions_language() -> None:
    cohort = make.enrolling(make.institution(language="af"))
    document = cohort.required_documents.get()
    document.name = {"en": "Identity document", "af": "Identiteitsdokument"}
    document.save()
    make.invited(cohort)
    message = _only("student_invited")
    assert "Identiteitsdokument" in str(message.body)
    assert '<html lang="af">' in _html(message)


def test_a_student_hears_that_the_papers_arrived() -> None:
    student = make.submitted(make.enrolling())
    message = _only("received")
    assert message.to == [student.email]
    assert "nothing more to do" in str(message.body)


def test_all_that_is_sent_back_comes_in_one_letter_with_the_reasons() -> None:
    cohort = make.enrolling(documents=3)
    student = make.submitted(cohort)
    _send()
    uploads = list(student.uploads.current())
    reject_upload(uploads[0], reason="The photo is blurred.", actor=_staff(cohort))
    reject_upload(uploads[2], reason="This is page 1 of 2.\nSend <both>.", actor=_staff(cohort))
    message = _only("sent_back")
    text = str(message.body)
    assert "sent 2 documents back" in text
    assert "- Document 1: The photo is blurred.\n- Document 3: This is page 1 of 2.\nSend <both>." in text
    assert "Document 2" not in text
    assert "&lt;both&gt;" in _html(message)
    assert PUBLIC.search(text)


def test_what_is_sent_back_later_comes_in_a_letter_of_its_own() -> None:
    cohort = make.enrolling(documents=2)
    student = make.submitted(cohort)
    first, second = student.uploads.current()
    reject_upload(first, reason="Blurred.", actor=_staff(cohort))
    _only_first = _send()
    reject_upload(second, reason="Upside down.", actor=_staff(cohort))
    later = _send()
    assert len(later) == 1
    assert "Blurred." in str(later[0].body)
    assert "Upside down." in str(later[0].body)


def test_the_sponsor_is_invited_by_one_letter_that_says_how_much_there_is() -> None:
    cohort = make.ready(students=3, sign_by=date(2026, 12, 4))
    message = _only("sponsor_invited")
    contact = make.contact_of(cohort)
    assert message.to == [contact.email]
    text = str(message.body)
    assert text.startswith(f"Hello {contact.name},")
    assert "All 3 students" in text
    assert "There are 3 documents." in text
    assert "Sign by Friday 4 December 2026." in text
    assert find_link(PUBLIC.search(text)[1]).subject_key == f"contact:{contact.uuid}"  # type: ignore[index,union-attr]


def test_staff_hear_that_the_sponsor_signed_at_the_institutions_address() -> None:
    cohort = make.sponsor_signed(students=2)
    message = _only("sponsor_signed")
    assert message.to == [cohort.institution.contact_email]
    assert "all 2 documents" in str(message.body)
    assert re.search(rf"http://testserver{reverse('wagtailadmin_home')}\S+", str(message.body))


def test_without_an_address_of_its_own_every_administrator_is_told_and_those_who_left_are_not() -> None:
    institution = make.institution()
    institution.contact_email = ""
    institution.save()
    stays = make.staff(institution, role=Membership.ADMINISTRATOR)
    leaves = make.staff(institution, role=Membership.ADMINISTRATOR)
    make.staff(institution)
    make.sponsor_signed(students=1, of=institution)
    remove_member(Membership.objects.get(user=leaves), actor=make.actor_of(institution))
    assert _only("sponsor_signed").to == [stays.email]


def test_completion_is_told_to_each_student_and_to_staff() -> None:
    cohort = make.sponsor_signed(students=2)
    _send()
    link = link_of(cohort.enrollments.first())
    PersonalLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(days=1))
    from wagtail_cohorts.batches.operations import run_due_items
    from wagtail_cohorts.completion.finalizing import start_finalizing

    run_due_items(batch_id=start_finalizing(cohort, actor=_staff(cohort)).pk)
    sent = _send()
    assert sorted(one.to[0] for one in sent) == sorted(
        [cohort.institution.contact_email, *cohort.enrollments.values_list("email", flat=True)]
    )
    tokens = [PUBLIC.search(str(one.body)) for one in sent]
    links = [find_link(found[1]) for found in tokens if found]
    assert len(links) == 2
    assert all(one is not None and is_alive(one) for one in links)


def test_a_revoked_link_is_not_brought_back_by_a_mail() -> None:
    cohort = make.sponsor_signed(students=1)
    _send()
    revoke_link(link_of(cohort.enrollments.get()))
    Event.objects.filter(name="enrollment.submitted").get()
    Delivery.objects.filter(event__name="enrollment.submitted").update(
        state=Delivery.PENDING, due_at=timezone.now()
    )
    EmailMessageRecord.objects.filter(kind="received").update(state=EmailMessageRecord.FAILED)
    assert _send() == []


def test_a_student_without_an_address_is_passed_over() -> None:
    cohort = make.enrolling()
    student = make.invited(cohort)
    Enrollment.objects.filter(pk=student.pk).update(email="")
    assert _send() == []


@pytest.mark.parametrize("colour", ["#0f4c5c", "#ffe600", "#ffffff", "#000000"])
def test_the_button_is_readable_on_any_colour(colour: str) -> None:
    make.invited(make.enrolling(make.institution(colour=colour)))
    style = _html(_only("student_invited"))
    expected = "#ffffff" if colour in ("#0f4c5c", "#000000") else "#1d2327"
    assert f"background: {colour}; color: {expected}" in style
