"""The main job: from an empty site to sealed packages, counted and verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from example_site.life import steps
from example_site.life.progress import Progress
from example_site.life.world import House
from example_site.people import Student
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import note_sponsor_opened, open_cohort
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.importing import start_inviting
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.packing import start_cohort_zip, start_export
from wagtail_cohorts.signing.acts import Signer
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.uploads.models import Upload, UploadState
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload

REASONS = (
    "The photo is too dark to read the number. Take it again near a window.",
    "This is page 2 only. Send the page with your name as well.",
    "This bill is older than 3 months. Send a newer one.",
)


@dataclass
class MainJob:
    """Runs step by step; ``problems`` stays empty when everything worked."""

    house: House
    progress: Progress
    people: list[Student]
    problems: list[str] = field(default_factory=list)

    def run(self) -> Cohort:
        cohort = steps.new_cohort(self.house, "Systems Support Learnership 2027")
        with self.progress.step("The cohort is opened and the institution signs"):
            open_cohort(cohort, actor=self.house.actor)
            cohort = steps.sign_as_the_institution(cohort, self.house)
        pairs = self._enroll(cohort)
        for enrollment, student in self.progress.count(
            "Students fill in, upload and sign", pairs, len(pairs)
        ):
            steps.do_everything(enrollment, student)
        self._verify(cohort, pairs)
        self._sponsor_signs(cohort)
        self._finalize(cohort)
        self.deliver("The last e-mails go out")
        return Cohort.objects.get(pk=cohort.pk)

    def _enroll(self, cohort: Cohort) -> list[tuple[Enrollment, Student]]:
        with self.progress.step(f"{len(self.people)} students are enrolled and invited"):
            pairs = [(steps.enroll(cohort, student, self.house), student) for student in self.people]
            self.finish(start_inviting(cohort, [one for one, _ in pairs], actor=self.house.actor))
        self.deliver("The invitations go out")
        return [
            (Enrollment.objects.select_related("cohort").get(pk=one.pk), student) for one, student in pairs
        ]

    def _verify(self, cohort: Cohort, pairs: list[tuple[Enrollment, Student]]) -> None:
        """Staff look at every document; three are sent back and corrected."""
        back = pairs[:: max(len(pairs) // 3, 1)][:3]
        for place, (enrollment, _student) in enumerate(back):
            upload = enrollment.uploads.current()[place % 3]
            reject_upload(upload, reason=REASONS[place % 3], actor=self.house.actor)
        self._approve_all(cohort, "Staff check the documents, and send three back")
        self.deliver("The students with a document sent back are told")
        for place, (enrollment, student) in enumerate(back):
            steps.send_documents(enrollment, student, only=[place % 3])
            steps.sign_and_send(enrollment, student)
        self._approve_all(cohort, "The three corrected documents are checked")

    def _approve_all(self, cohort: Cohort, title: str) -> None:
        waiting = list(Upload.objects.filter(enrollment__cohort=cohort, state=UploadState.PENDING))
        for upload in self.progress.count(title, waiting, len(waiting)):
            approve_upload(upload, actor=self.house.actor)

    def _sponsor_signs(self, cohort: Cohort) -> None:
        cohort.refresh_from_db()
        self.expect(cohort.state == "ready_for_sponsor", f"the gate did not open ({cohort.state})")
        self.expect(cohort.sponsor_invitations.count() == 1, "the sponsor was not invited exactly once")
        self.deliver("The sponsor is invited")
        contact = cohort.parties.get(role_key="sponsor").contact
        actor = Actor(
            "sponsor", f"contact:{contact.uuid}", name=contact.name, ip="127.0.0.1", user_agent="demo"
        )
        note_sponsor_opened(cohort, contact, actor=actor)
        with self.progress.step(f"The sponsor signs {3 * len(self.people)} agreements at once"):
            mark = make_mark(
                institution_id=cohort.institution_id, owner_key=actor.key, typed_name=contact.name,
                drawn_signature=steps.drawing(7),
            )  # fmt: skip
            batch = start_bulk_signing(
                cohort, contact, enrollments=[str(one.uuid) for one in cohort.enrollments.active()], mark=mark,
                signer=Signer(actor.key, contact.name, contact.position), day=date.today(), actor=actor,
            )  # fmt: skip
            self.finish(batch)
        cohort.refresh_from_db()
        self.expect(cohort.state == "institution_review", f"not everything was signed ({cohort.state})")

    def _finalize(self, cohort: Cohort) -> None:
        with self.progress.step("Staff finalize: seals, certificates and packages"):
            self.finish(start_finalizing(cohort, actor=self.house.actor))
        cohort.refresh_from_db()
        self.expect(cohort.state == "completed", f"the cohort was not completed ({cohort.state})")

    def write_results(self, cohort: Cohort, folder: Path) -> list[Path]:
        """The sealed PDFs, one ZIP and the Excel file."""
        with self.progress.step("The ZIP and the Excel file are made"):
            zip_batch = self.finish(start_cohort_zip(cohort, actor=self.house.actor))
            excel_batch = self.finish(
                start_export(cohort, columns=None, format="xlsx", actor=self.house.actor)
            )
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for batch in (zip_batch, excel_batch):
            made = ExportFile.objects.select_related("file").get(batch=batch)
            path = folder / made.name
            path.write_bytes(made.file.read())
            written.append(path)
        sealed = folder / "sealed"
        sealed.mkdir(exist_ok=True)
        for agreement in steps.agreements_of(cohort).select_related("sealed", "enrollment", "version"):
            path = (
                sealed
                / f"{agreement.enrollment.last_name} {agreement.enrollment.first_name} - {agreement.title}.pdf"
            )
            path.write_bytes(agreement.sealed.read())
        return [*written, sealed]

    def finish(self, batch: Batch) -> Batch:
        """Do the batch's work here, as a worker would."""
        while run_due_items(batch_id=batch.pk, limit=1000):
            pass
        batch.refresh_from_db()
        self.expect(batch.state == Batch.DONE, f"job “{batch.kind}” ended as {batch.state}: {batch.error}")
        for item in batch.items.filter(state="failed"):
            self.problems.append(f"{batch.kind}: {item.error}")
        return batch

    def deliver(self, title: str) -> None:
        with self.progress.step(title):
            while run_due_deliveries(limit=500):
                pass

    def expect(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)
