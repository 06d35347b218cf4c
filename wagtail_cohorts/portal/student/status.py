"""After sending: who signs next, what was checked, and the student's own copies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import SPONSOR_SIDE, definitions_of, has_role
from wagtail_cohorts.cohorts.states import WITH_SPONSOR, CohortState
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState
from wagtail_cohorts.files.serving import serve
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.student.base import StudentPage
from wagtail_cohorts.portal.student.documents import cards_of
from wagtail_cohorts.signing.models import Act

S = CohortState
DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Stage:
    """One line of "what happens next"."""

    title: str
    text: str
    state: str = LATER
    at: datetime | None = None
    ready: int = 0
    total: int = 0


class Status(StudentPage):
    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if self.enrollment.state != EnrollmentState.COMPLETE:
            return see_other(self.journey.next_url)
        agreements = self._agreements()
        return self.render("student/status.html", {
            "stages": self._stages(), "agreements": agreements, "cards": cards_of(self.journey),
            "record": self._record(), "signed_count": len(agreements),
        })  # fmt: skip

    def _agreements(self) -> list[tuple[Any, str, Any]]:
        """Each agreement with who has signed it and the file to take away."""
        rows = self.enrollment.agreements.exclude(state=AgreementState.VOID)
        found = []
        for row in rows.select_related("version", "current", "sealed").order_by("position"):
            acts = Act.objects.filter(agreement=row, revision=row.revision).order_by("pk")
            names = ", ".join(dict.fromkeys(act.signer_name for act in acts))
            found.append((row, names, row.sealed or row.current))
        return found

    def _record(self) -> CompletionRecord | None:
        records = CompletionRecord.objects.filter(enrollment=self.enrollment)
        return records.select_related("package", "certificate").first()

    def _stages(self) -> list[Stage]:
        state = CohortState(self.cohort.state)
        stages = [Stage(_("You signed"), "", DONE, at=self.enrollment.submitted_at), *self._guardian_stage()]
        if has_role(definitions_of(self.cohort), *SPONSOR_SIDE):
            stages.append(self._sponsor_stage(state))
        stages += [self._institution_stage(state), self._last_stage(state)]
        return stages if any(one.state == NOW for one in stages) else _first_waiting_now(stages)

    def _guardian_stage(self) -> list[Stage]:
        if not self.journey.asks_guardian:
            return []
        guardian = self.journey.guardian
        title = _("%s signs") % (guardian.name if guardian is not None else _("Your guardian"))
        if not self.enrollment.waits_for_guardian:
            return [Stage(title, _("Signed."), DONE)]
        return [Stage(title, self._how_guardian_is_asked(), NOW, at=guardian.asked_at if guardian else None)]

    def _how_guardian_is_asked(self) -> str:
        guardian = self.journey.guardian
        if guardian is None or not guardian.asked_at:
            return _("%s asks for this signature.") % self.cohort.institution.name
        if guardian.email:
            return _("We wrote to %s. Nothing can go on before this signature.") % guardian.email
        return (
            _("%s hands over the link. Nothing can go on before this signature.")
            % self.cohort.institution.name
        )

    def _sponsor_stage(self, state: CohortState) -> Stage:
        title = _("%s signs") % self.cohort.sponsor.name
        if self.enrollment.waits_for_guardian:
            return Stage(title, _("It signs when all students are ready."))
        if state in (S.INSTITUTION_REVIEW, S.COMPLETED):
            return Stage(title, _("Signed."), DONE)
        if state in WITH_SPONSOR:
            return Stage(title, _("All students are ready. It is asked to sign now."), NOW)
        progress: Any = Cohort.objects.filter(pk=self.cohort.pk).with_progress().get()
        return Stage(
            title, _("It signs when all students are ready."), NOW, ready=progress.done, total=progress.active
        )

    def _institution_stage(self, state: CohortState) -> Stage:
        title = _("%s checks") % self.cohort.institution.name
        if state == S.COMPLETED:
            return Stage(title, _("Checked and sealed."), DONE)
        text = _("It looks at everything once more and seals it.")
        return Stage(title, text, NOW if state == S.INSTITUTION_REVIEW else LATER)

    def _last_stage(self, state: CohortState) -> Stage:
        text = _("You get the agreements with all signatures.")
        return Stage(_("Complete"), text, DONE if state == S.COMPLETED else LATER)


def _first_waiting_now(stages: list[Stage]) -> list[Stage]:
    """Without a sponsor the institution is next while the others still fill in."""
    for place, stage in enumerate(stages):
        if stage.state == LATER:
            return [*stages[:place], Stage(stage.title, stage.text, NOW), *stages[place + 1 :]]
    return stages


class FinalSet(StudentPage):
    """The package or the certificate that completing made."""

    def get(self, request: HttpRequest, link: uuid.UUID, part: str) -> HttpResponse:
        record = CompletionRecord.objects.filter(enrollment=self.enrollment).first()
        stored = getattr(record, part, None) if part in ("package", "certificate") else None
        if stored is None:
            raise Http404
        ending = "zip" if part == "package" else "pdf"
        return serve(stored, name=f"{self.cohort.name} {self.enrollment.full_name}.{ending}", request=request)
