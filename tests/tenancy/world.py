"""Two institutions with everything in them. Every text of the first holds one word that nobody else may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests import factories as make
from wagtail_cohorts.agreements.models import AgreementTemplate
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort, Programme
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.packing import start_cohort_zip
from wagtail_cohorts.institutions.models import Institution, Membership
from wagtail_cohorts.institutions.operations import staff_group
from wagtail_cohorts.sponsors.models import Sponsor
from wagtail_cohorts.uploads.models import Upload

SECRET = "Zebrawood"


@dataclass
class House:
    """One institution and one of each thing it owns."""

    institution: Institution
    administrator: Any
    coordinator: Any
    template: AgreementTemplate
    programme: Programme
    sponsor: Sponsor
    draft: Cohort
    enrolling: Cohort
    completed: Cohort
    student: Enrollment
    upload: Upload
    agreement: Agreement
    specimen: Agreement
    record: CompletionRecord
    export: ExportFile
    batch: Batch


@dataclass
class World:
    ours: House
    theirs: House
    nobody: Any
    superuser: Any


def house(word: str) -> House:
    institution = make.institution(f"{word} College", contact_name=f"{word} office")
    administrator = make.staff(
        institution, role=Membership.ADMINISTRATOR, username=f"{word.lower()}-administrator"
    )
    coordinator = make.staff(institution, username=f"{word.lower()}-coordinator")
    template = make.template(institution, title=f"{word} agreement")
    for _number in range(2):
        template.publish(template.save_revision(user=administrator), user=administrator)
    contact = make.sponsor(institution, f"{word} Networks")
    versions = [template.latest_version()]
    facts: dict[str, Any] = {"versions": versions, "contact": contact}
    names = {"first_name": word, "last_name": f"{word}son"}
    draft = make.cohort(institution, name=f"{word} draft", **facts)
    enrolling = make.enrolling(institution, name=f"{word} enrolling", **facts)
    student = make.submitted(enrolling, **names)
    completed = make.completed(of=institution, name=f"{word} completed", students=1, **facts)
    completed.enrollments.update(**names)
    batch = start_cohort_zip(completed, actor=make.actor_of(institution))
    run_due_items(batch_id=batch.pk, limit=100)
    return House(
        institution, administrator, coordinator, template, draft.programme, contact.sponsor, draft, enrolling,
        completed, student, student.uploads.get(), student.agreements.get(),
        enrolling.agreements.get(enrollment=None), CompletionRecord.objects.get(institution=institution),
        ExportFile.objects.get(institution=institution), batch,
    )  # fmt: skip


def build() -> World:
    nobody = make.user("nobody")
    nobody.groups.add(staff_group())
    superuser = make.superuser()
    return World(house(SECRET), house("Quagga"), nobody, superuser)


def client(user: Any) -> Client:
    made = Client(raise_request_exception=False)
    if user is not None:
        made.force_login(user)
    return made


def body(response: Any) -> str:
    """All that an answer says, unpacked where it is a spreadsheet."""
    streaming = getattr(response, "streaming", False)
    content = b"".join(response.streaming_content) if streaming else response.content
    if "spreadsheetml" in response.headers.get("Content-Type", ""):
        import io

        from openpyxl import load_workbook

        return repr(list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)))
    return content.decode("utf-8", "replace")
