"""The sign page: who signs, with what, where it goes, and for exactly which list."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing as signatures
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_cohorts import clock, flags, pdf
from wagtail_cohorts.exceptions import BadInput, Changed, CohortsError, Incomplete, NotAllowed
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.sponsor.base import CohortPage
from wagtail_cohorts.portal.sponsor.forms import SignForm, asked_questions, other_problems, who_questions
from wagtail_cohorts.portal.sponsor.viewer import Place, pages_of, places_of
from wagtail_cohorts.signing.acts import render_signed
from wagtail_cohorts.signing.asked import Asked, asked_fields, clean_asked
from wagtail_cohorts.signing.bulk import latest_batch, start_bulk_signing
from wagtail_cohorts.signing.consent import consent_words
from wagtail_cohorts.signing.marks import draw_mark, make_mark
from wagtail_cohorts.signing.rendering import read_copy
from wagtail_cohorts.signing.signable import Chosen, fingerprints_of, list_fingerprint, signable

SALT = "wagtail-cohorts.sponsor-list"
PREVIEW_WIDTH = 1200
LENS = 0.42  # of the page's height


@dataclass(frozen=True)
class PreviewPage:
    """A page of the first chosen student's first agreement, as it will be signed."""

    student: str
    title: str
    page: int
    image: str
    marks: list[Place]
    shape: float
    """Width by height."""

    @property
    def lens(self) -> str:
        """A window on that part of the page where the signature is."""
        return f"aspect-ratio:{self.shape / LENS:.4f}"

    @property
    def shift(self) -> str:
        top = next((mark.top for mark in self.marks if mark.type == "signature"), 0.0)
        return f"transform:translateY(-{min(max(top - 12, 0), 100 - 100 * LENS):.2f}%)"


class SignPage(CohortPage):
    """What the form and its preview share: the chosen list, read once a request."""

    def admit(self) -> str | None:
        refused = super().admit()
        if refused is None and not flags.is_open(
            flags.BULK_SIGNING, request=self.request, institution=self.cohort.institution
        ):
            return "signing_closed"
        return refused

    def signing_closed(self) -> HttpResponse:
        return self.refuse(
            NotAllowed(_("Signing is switched off at the moment. Nothing is lost; try later."))
        )

    @cached_property
    def chosen(self) -> Chosen:
        """The posted students; all who wait when none are named."""
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        wanted = set(given.getlist("student"))
        waiting = signable(self.cohort, self.contact)
        return {
            student: rows for student, rows in waiting.items() if not wanted or str(student.uuid) in wanted
        }

    @cached_property
    def asked(self) -> list[Asked]:
        return asked_fields(self.chosen)

    @property
    def documents(self) -> int:
        return sum(len(rows) for rows in self.chosen.values())

    def needs(self, kind: str) -> bool:
        """Whether any chosen agreement has such a mark for the contact."""
        return any(
            place.type == kind
            for rows in list(self.chosen.values())[:1] for agreement, roles in rows
            for place in places_of(agreement, roles)
        )  # fmt: skip

    def preview(self, form: SignForm) -> PreviewPage:
        """A real page with the real marks. Raises BadInput."""
        student, rows = next(iter(self.chosen.items()))
        agreement, roles = rows[0]
        signature, initials, _method = draw_mark(**form.mark_arguments())
        rendered = render_signed(
            read_copy(agreement), roles, signer=form.signer(self.actor.key), day=clock.today(),
            marks=pdf.Marks(signature=signature, initials=initials),
            answers=self._answers(form).get(str(agreement.version_id), {}),
        )  # fmt: skip
        places = places_of(agreement, roles)
        page = next((place.page for place in places if place.type == "signature"), 1)
        picture = pdf.page_image(rendered.results[-1][1], page, PREVIEW_WIDTH)
        image = f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
        marks = [place for place in places if place.page == page]
        size = pages_of(agreement.version)[page - 1]
        return PreviewPage(student.full_name, agreement.title, page, image, marks, size.width / size.height)

    def _answers(self, form: SignForm) -> dict[str, Any]:
        """Answers as far as they are good: a preview waits for nothing."""
        try:
            return clean_asked(self.chosen, form.answers)
        except BadInput:
            return {}


class Sign(SignPage):
    """The day and the list's fingerprint travel in one signed value: what is signed is what was shown."""

    def get(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        if not self.chosen:
            return see_other(self.address("sponsor_cohort"))
        return self._page(SignForm.of_contact(self.contact))

    def post(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        step = request.POST.get("step", "")
        if not self.chosen:
            return self._nothing_to_sign()
        if step == "choose":
            return self._chosen_page()
        form = SignForm.from_post(request.POST)
        if step == "preview":
            return self._page(form, with_preview=True)
        return self._sign(form)

    def _chosen_page(self) -> HttpResponse:
        if not self.request.POST.getlist("student"):
            raise Incomplete(_("Choose at least one student whose agreements wait for you."))
        return self._page(SignForm.of_contact(self.contact))

    def _nothing_to_sign(self) -> HttpResponse:
        """A second press after the first one signed, or a list whose students all left meanwhile."""
        batch = latest_batch(self.cohort, self.contact)
        return see_other(self.address("sponsor_progress" if batch else "sponsor_cohort"))

    def _sign(self, form: SignForm) -> HttpResponse:
        seen = self._seen()
        if seen is None or seen[1] != clock.today():
            note = _("The date has changed since you opened this page. Look at it once more, then sign.")
            return self._page(form, note=note, status=409)
        if not form.check(self.asked):
            return self._page(form, status=422)
        try:
            self._start(form, digest=seen[0], day=seen[1])
        except Changed as error:
            form.consent = False
            return self._page(form, note=str(error), status=409)
        except BadInput as error:
            form.errors[error.field or "signature"] = str(error)
            return self._page(form, status=422)
        return see_other(self.address("sponsor_progress"))

    def _start(self, form: SignForm, *, digest: str, day: date) -> None:
        mark = make_mark(
            institution_id=self.cohort.institution_id, owner_key=self.actor.key, **form.mark_arguments()
        )
        start_bulk_signing(
            self.cohort, self.contact, enrollments=[str(student.uuid) for student in self.chosen], mark=mark,
            signer=form.signer(self.actor.key), day=day, actor=self.actor, expected=digest, answers=form.answers,
        )  # fmt: skip

    def _seen(self) -> tuple[str, date] | None:
        try:
            data = signatures.loads(self.request.POST.get("seen", ""), salt=SALT)
        except signatures.BadSignature:
            return None
        if data.get("contact") != str(self.contact.uuid) or data.get("cohort") != str(self.cohort.uuid):
            return None
        return data["list"], date.fromisoformat(data["day"])

    def _page(
        self, form: SignForm, *, note: str = "", with_preview: bool = False, status: int = 200
    ) -> HttpResponse:
        digest, today = list_fingerprint(fingerprints_of(self.chosen)), clock.today()
        seen = {"contact": str(self.contact.uuid), "cohort": str(self.cohort.uuid), "list": digest,
                "day": today.isoformat()}  # fmt: skip
        preview = self._try_preview(form) if with_preview or (status != 200 and form.has_mark) else None
        who, questions = who_questions(form), asked_questions(self.asked, form)
        first_student, first_rows = next(iter(self.chosen.items()))
        context = {
            "form": form, "signer_name": form.name or self.contact.name, "who": who, "questions": questions,
            "problems": [one for one in (*who, *questions, *other_problems(form)) if one.error],
            "typed": form.typed_name, "method": form.method, "keep_method": with_preview or status != 200,
            "drawn_signature": form.drawn_signature,
            "drawn_initials": form.drawn_initials, "needs_initials": self.needs("initials"),
            "note": note, "preview": preview, "documents": self.documents, "digest": digest, "day": today,
            "students": sorted(self.chosen, key=lambda one: one.full_name), "consent": consent_words(),
            "seen": signatures.dumps(seen, salt=SALT), "first_student": first_student,
            "first_agreement": first_rows[0][0], "example": _example(places_of(*first_rows[0])),
        }  # fmt: skip
        return self.render("sponsor/sign.html", context, status=status)

    def _try_preview(self, form: SignForm) -> PreviewPage | None:
        try:
            return self.preview(form)
        except CohortsError as error:
            form.errors.setdefault("signature", str(error))
            return None


def _example(places: list[Place]) -> dict[str, list[int]]:
    """On which pages the marks go, by kind."""
    return {
        kind: sorted({place.page for place in places if place.type == kind})
        for kind in ("signature", "initials")
    }


class Preview(SignPage):
    """The same preview as a fragment, for the page's script."""

    def post(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        if not self.chosen:
            raise Changed(_("The list has changed since you saw it. Look at it again."))
        form = SignForm.from_post(request.POST)
        try:
            return self.render("sponsor/_preview.html", {"preview": self.preview(form), "is_fragment": True})
        except BadInput as error:
            return self.render("sponsor/_preview.html", {"preview": None, "problem": str(error)}, status=422)
