"""What writes or reads files: each can be done again and again until it succeeds. Imported when Django is set up."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.reliability.scene import Sponsor, Staff, Student
from tests.reliability.web import Answer
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import retry_batch, run_due_items
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.packing import start_cohort_zip, start_export
from wagtail_cohorts.institutions.operations import credentials_of
from wagtail_cohorts.signing.models import Act, Mark
from wagtail_cohorts.uploads.models import Upload


class InPages:
    """A ``Browser`` for pages of this process."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)

    def get(self, path: str) -> Answer:
        return self._read(self.client.get(path), path)

    def post(self, path: str, data: Any = None, **more: Any) -> Answer:
        return self._read(self.client.post(path, data or {}, **more), path)

    def _read(self, answer: Any, path: str) -> Answer:
        while answer.status_code in (302, 303):
            answer = self.client.get(answer["Location"])
        text = b"".join(answer).decode(errors="replace")
        return Answer(answer.status_code, text, 0.0, path)


def inside(person: Any) -> Any:
    person.browser = InPages()
    person.enter()
    return person


class Uploading:
    """A student's photograph, and the clean PDF of it."""

    def __init__(self) -> None:
        enrollment = make.invited(make.enrolling())
        self.person = inside(Student("", make.filled(enrollment, documents=False)))
        document = enrollment.cohort.required_documents.get()
        self.path = self.person.page("add_files", document=document.uuid)

    def act(self) -> str:
        file = SimpleUploadedFile("id.jpg", make.photo(self.person.enrollment.pk), "image/jpeg")
        return str(self.person.browser.post(self.path, {"file": file}).text)

    def is_done(self) -> bool:
        return Upload.objects.filter(enrollment=self.person.enrollment).count() == 1


class Marking:
    """A student's signature and initials."""

    def __init__(self) -> None:
        self.person = inside(Student("", make.filled(make.invited(make.enrolling()))))

    def act(self) -> str:
        return str(self.person.sign().text)

    def is_done(self) -> bool:
        return Mark.objects.filter(owner_key=self.person.enrollment.stream_key).count() == 1


class Sending(Marking):
    """A student's copies, rendered and signed."""

    def __init__(self) -> None:
        super().__init__()
        self.person.sign()
        self.review = self.person.browser.get(self.person.page("review"))

    def act(self) -> str:
        return str(self.person.send(self.review).text)

    def is_done(self) -> bool:
        self.person.enrollment.refresh_from_db()
        return bool(self.person.enrollment.state == EnrollmentState.COMPLETE)


class InBatch:
    """Work in the background: begun once, tried again by the button that people have."""

    batch: Batch

    def look(self) -> str:
        raise NotImplementedError

    def act(self) -> str:
        if not self.batch.is_open:
            retry_batch(self.batch, actor=make.actor_of(self.batch.institution))
        run_due_items(batch_id=self.batch.pk)
        self.batch.refresh_from_db()
        return self.look()


class Signing(InBatch):
    """A sponsor's signing of one student's copy."""

    def __init__(self) -> None:
        self.cohort = make.ready(students=1)
        self.person = inside(Sponsor("", self.cohort))
        self.batch = make.start_signing(self.cohort)

    def look(self) -> str:
        return str(self.person.progress().text)

    def is_done(self) -> bool:
        return Act.objects.filter(agreement__cohort=self.cohort, role_key="sponsor").count() == 1


class StaffBatch(InBatch):
    def __init__(self, cohort: Any) -> None:
        self.cohort = cohort
        self.person = Staff("", cohort)
        self.person.browser = InPages()
        self.person.browser.client.force_login(self.person.user)
        self.actor = make.actor_of(cohort.institution)

    def look(self) -> str:
        path = reverse("wagtail_cohorts_admin:batch", kwargs={"uuid": self.batch.uuid})
        return str(self.person.browser.get(path).text)


class Sealing(StaffBatch):
    """Seals, the certificate and the package of one student."""

    def __init__(self) -> None:
        super().__init__(make.sponsor_signed(students=1))
        credentials_of(self.cohort.institution, actor=self.actor)  # made on first use
        self.batch = start_finalizing(self.cohort, actor=self.actor)

    def is_done(self) -> bool:
        return CompletionRecord.objects.filter(enrollment__cohort=self.cohort).count() == 1


class Packing(StaffBatch):
    """The ZIP of a cohort."""

    def __init__(self) -> None:
        super().__init__(make.sponsor_signed(students=2))
        self.batch = self.begin()

    def begin(self) -> Batch:
        return start_cohort_zip(self.cohort, actor=self.actor)

    def is_done(self) -> bool:
        return ExportFile.objects.filter(batch=self.batch).count() == 1


class Exporting(Packing):
    """The workbook."""

    def begin(self) -> Batch:
        return start_export(self.cohort, actor=self.actor)


DEEDS = (Uploading, Marking, Sending, Signing, Sealing, Packing, Exporting)


def reading_pages() -> list[tuple[Any, str]]:
    """Pages that read a file: whose browser, and which address."""
    cohort = make.ready(students=1)
    enrollment = cohort.enrollments.get()
    agreement, upload = enrollment.agreements.get(), Upload.objects.get(enrollment=enrollment)
    sponsor, staff = inside(Sponsor("", cohort)), StaffBatch(cohort).person
    given = {"enrollment": enrollment.uuid, "agreement": agreement.uuid}
    staff_page = "wagtail_cohorts_admin:"
    return [
        (sponsor.browser, sponsor.page("document", **given)),
        (sponsor.browser, sponsor.page("page", **given, page=1, width=1200)),
        (staff.browser, reverse(f"{staff_page}document_file", kwargs={"uuid": upload.uuid})),
        (staff.browser, reverse(f"{staff_page}document_page", kwargs={"uuid": upload.uuid, "page": 1})),
        (staff.browser, reverse(f"{staff_page}agreement_page", kwargs={"uuid": agreement.uuid, "page": 1})),
    ]
