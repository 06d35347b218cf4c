"""Checking everything kept, and the public answer about a code or a file."""

from __future__ import annotations

import random
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests import factories as make
from tests.private_files import lose, overwrite
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.completion.verification import verify_code, verify_everything, verify_upload
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.models import SigningCertificate
from wagtail_cohorts.signing.models import Act

pytestmark = pytest.mark.django_db


def _student(cohort: Any) -> Enrollment:
    return cohort.enrollments.order_by("pk").first()


def _sealed(cohort: Any) -> bytes:
    agreement = _student(cohort).agreements.get()
    assert agreement.sealed is not None
    return agreement.sealed.read()


def _problem(cohort: Any) -> str:
    """The only problem there is."""
    report = verify_everything(cohort.institution_id)
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


def test_a_completed_cohort_verifies_and_everything_is_counted() -> None:
    cohort = make.completed(students=2)
    report = verify_everything()
    assert report.problems == []
    assert report.seals == 4
    assert report.files == StoredFile.objects.count()
    assert report.events == Event.objects.count()
    assert verify_everything(str(cohort.institution_id)).seals == 4


def test_one_institutions_check_leaves_the_others_alone() -> None:
    make.completed(students=1)
    other = make.completed(students=1)
    everything, one = verify_everything(), verify_everything(other.institution_id)
    assert (everything.seals, one.seals) == (4, 2)
    assert one.streams < everything.streams


def test_one_changed_byte_in_a_sealed_file_is_found_twice() -> None:
    cohort = make.completed(students=1)
    stored = _student(cohort).agreements.get().sealed
    assert stored is not None
    data = bytearray(stored.read())
    data[len(data) // 3] ^= 1
    overwrite(stored.path, bytes(data))
    problems = verify_everything().problems
    assert any(one.startswith("file ") and "changed" in one for one in problems)
    assert any(one.startswith("seal of agreement") for one in problems)


def test_a_file_that_is_gone_is_found() -> None:
    cohort = make.completed(students=1)
    upload = _student(cohort).uploads.get()
    lose(upload.file.path)
    assert "it is missing" in _problem(cohort)


def test_an_event_that_was_edited_is_found() -> None:
    cohort = make.completed(students=1)
    event = Event.objects.filter(name="enrollment.submitted").get()
    Event.objects.filter(pk=event.pk).update(payload=event.payload.replace("in_progress", "in_progresS"))
    assert f"chain {_student(cohort).stream_key}, event {event.seq}" in _problem(cohort)


def test_an_act_that_says_something_else_than_the_record_is_found() -> None:
    make.completed(students=1)
    act = Act.objects.filter(role_key="student").get()
    Act.objects.filter(pk=act.pk).update(role_key="guardian")
    problems = verify_everything().problems
    assert f"act {act.pk}: the record does not tell of it" in problems
    assert any("the act of “student” (revision 1) is missing" in one for one in problems)


def test_a_signed_file_that_was_exchanged_in_the_database_is_found() -> None:
    cohort = make.completed(students=1)
    act = Act.objects.filter(role_key="student").get()
    other = Act.objects.filter(role_key="sponsor").get()
    Act.objects.filter(pk=act.pk).update(result=other.result)
    assert f"act {act.pk}: its file is not the one that was signed" in _problem(cohort)


def test_a_sealed_file_that_was_exchanged_in_the_database_is_found() -> None:
    cohort = make.completed(students=2)
    first, second = Agreement.objects.exclude(sealed=None).order_by("pk")
    Agreement.objects.filter(pk=first.pk).update(sealed=second.sealed)
    assert f"agreement {first.uuid}" in _problem(cohort)


def test_a_seal_by_another_certificate_is_found() -> None:
    make.completed(students=1)
    other = make.completed(students=1)
    stranger = SigningCertificate.objects.get(institution=other.institution)
    SigningCertificate.objects.exclude(pk=stranger.pk).update(certificate_pem=stranger.certificate_pem)
    assert len([one for one in verify_everything().problems if "not known" in one]) == 2


def test_an_erased_file_is_no_problem() -> None:
    cohort = make.completed(students=1)
    upload = _student(cohort).uploads.get()
    lose(upload.original.path)
    upload.original.erased_at = upload.created_at
    upload.original.save()
    assert verify_everything().problems == []


def test_the_command_says_what_it_checked_and_fails_when_something_does_not_fit() -> None:
    cohort = make.completed(students=1)
    out, err = StringIO(), StringIO()
    call_command("cohorts_verify", stdout=out)
    assert "2 seals checked" in out.getvalue()
    assert "Everything verifies." in out.getvalue()
    lose(_student(cohort).uploads.get().file.path)
    with pytest.raises(CommandError, match="1 problems found"):
        call_command("cohorts_verify", stdout=out, stderr=err)
    assert "it is missing" in err.getvalue()


def test_a_code_shows_who_signed_what_however_it_is_typed() -> None:
    cohort = make.completed(students=2)
    record = CompletionRecord.objects.get(enrollment=_student(cohort))
    for typed in (
        record.code,
        record.shown_code,
        record.shown_code.lower(),
        f"  {record.code[:7]} {record.code[7:]}\n",
    ):
        verdict = verify_code(typed)
        assert verdict.status == "sealed"
        assert verdict.student == _student(cohort).full_name
    assert [one.role for one in verdict.documents[0].signatures] == ["Institution", "Student", "Sponsor"]
    assert verdict.documents[0].signatures[0].is_specimen
    assert verdict.code == record.shown_code
    assert verdict.seal_fingerprint == SigningCertificate.objects.get().fingerprint


@pytest.mark.parametrize(
    "code", ["", "A", "x" * 10_000, "2" * 20, "2222\x002222", "ÅÄÖ" * 7, "' OR 1=1 --", "２" * 20]
)
def test_a_code_that_is_none_is_unknown(code: str) -> None:
    assert verify_code(code).status == "unknown"


def test_a_sealed_file_is_known_by_its_bytes() -> None:
    cohort = make.completed(students=2)
    verdict = verify_upload(_sealed(cohort))
    assert verdict.status == "sealed"
    assert verdict.student == _student(cohort).full_name
    assert [one.is_asked for one in verdict.documents] == [True]
    assert verify_upload(_student(cohort).completion.certificate.read()).status == "sealed"


@pytest.mark.parametrize("change", ["append", "flip", "cut"])
def test_a_file_that_was_changed_after_the_seal_is_called_so(change: str) -> None:
    cohort = make.completed(students=1)
    data = bytearray(_sealed(cohort))
    if change == "append":
        data += b"\n% more"
    elif change == "flip":
        data[200] ^= 1
    else:
        data = data[:-30]
    verdict = verify_upload(bytes(data))
    assert verdict.status in ("changed", "unknown")
    if change != "cut":
        assert verdict.status == "changed"
        assert cohort.institution.name in verdict.message
    assert verdict.student == ""


def test_a_signed_copy_from_before_the_seal_is_called_that_with_the_signatures_it_carries() -> None:
    cohort = make.completed(students=1)
    act = Act.objects.get(role_key="student")
    verdict = verify_upload(act.result.read())
    assert verdict.status == "signed"
    assert [one.role for one in verdict.documents[0].signatures] == ["Institution", "Student"]
    assert verdict.documents[0].sealed_at is None
    assert cohort.name == verdict.cohort


def test_a_sealed_file_that_is_no_longer_kept_is_still_told_by_its_seal() -> None:
    cohort = make.completed(students=1)
    data = _sealed(cohort)
    Agreement.objects.exclude(sealed=None).update(sealed=None)
    verdict = verify_upload(data)
    assert (verdict.status, verdict.student) == ("sealed", "")
    assert "no longer kept" in verdict.message


def test_a_file_of_somebody_else_is_unknown_and_not_false() -> None:
    assert verify_upload(make.small_pdf()).status == "unknown"


def test_whatever_is_sent_gets_an_answer() -> None:
    cohort = make.completed(students=1)
    source, data = random.Random(3), _sealed(cohort)
    for _round in range(60):
        broken = bytearray(data)
        for _change in range(source.randrange(1, 20)):
            broken[source.randrange(len(broken))] = source.randrange(256)
        assert verify_upload(bytes(broken[: source.randrange(len(broken))])).status in ("changed", "unknown")
    for junk in (b"", b"%PDF-", b"%PDF-1.7\n" + source.randbytes(500), b"\x89PNG\r\n"):
        assert verify_upload(junk).status == "unknown"
