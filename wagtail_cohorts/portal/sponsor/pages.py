"""After the press: progress, trying again, the receipt, and the copies."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import retry_batch
from wagtail_cohorts.batches.queries import progress_of
from wagtail_cohorts.exports import packing
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.files.serving import serve
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.sponsor.base import CohortPage
from wagtail_cohorts.portal.sponsor.batches import BatchView, acts_of, batches_of, number_of
from wagtail_cohorts.portal.sponsor.queries import totals_of


class Progress(CohortPage):
    """The newest batch. Without script the page loads itself again; with it, the same numbers come as JSON."""

    def get(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        batch = batches_of(self.cohort, self.contact).first()
        if batch is None:
            return see_other(self.address("sponsor_cohort"))
        view, receipt = BatchView(batch), self.address("sponsor_receipt", batch=batch.uuid)
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({**view.as_json(), "receipt": receipt})
        if view.is_signed:
            return see_other(receipt)
        return self.render("sponsor/progress.html", {"progress": view, "batch": batch})


class Retry(CohortPage):
    """Try again what failed. While the batch runs, a second press shows the same progress."""

    def post(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        batch = batches_of(self.cohort, self.contact).first()
        if batch is None:
            raise Http404
        if not batch.is_open:
            retry_batch(batch, actor=self.actor)
        return see_other(self.address("sponsor_progress"))


class Receipt(CohortPage):
    """What was signed, when and by whom; the copies; what was left out and why."""

    def get(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID, batch: uuid.UUID) -> HttpResponse:
        found = batches_of(self.cohort, self.contact).filter(uuid=batch).first()
        if found is None or not BatchView(found).is_signed:
            raise Http404
        acts, view = acts_of(found), BatchView(found)
        context = {
            "batch": found, "acts": acts, "act": acts[0] if acts else None, "number": number_of(found),
            "progress": view, "seconds": _seconds(found), "totals": totals_of(self.rows()),
            "is_newest": batches_of(self.cohort, self.contact).first() == found,
            "others": [one for one in batches_of(self.cohort, self.contact) if _is_other(one, found)],
            **copies_context(self),
        }  # fmt: skip
        return self.render("sponsor/receipt.html", context)


def _is_other(one: Batch, shown: Batch) -> bool:
    return one.pk != shown.pk and BatchView(one).is_signed


def _seconds(batch: Batch) -> int:
    return round((batch.finished_at - batch.created_at).total_seconds()) if batch.finished_at else 0


def copies_context(page: CohortPage) -> dict[str, Any]:
    """The ZIP of all that this contact signed: none, being made, ready, or older than the last signature."""
    batch = _packing_batch(page)
    if batch is None:
        return {"copies": "none"}
    if batch.is_open:
        return {"copies": "running", "copies_progress": progress_of(batch)}
    export = ExportFile.objects.filter(batch=batch).select_related("file").first()
    if batch.state != Batch.DONE or export is None:
        return {"copies": "failed"}
    signed = batches_of(page.cohort, page.contact).filter(state=Batch.DONE).first()
    is_old = signed is not None and signed.finished_at is not None and signed.finished_at > batch.created_at
    return {"copies": "old" if is_old else "ready", "export": export}


def _packing_batch(page: CohortPage) -> Batch | None:
    key = packing.signed_subject(page.cohort, page.contact)
    return Batch.objects.filter(kind=packing.PACK, subject_key=key).order_by("-pk").first()


class MakeCopies(CohortPage):
    """Begin the ZIP, or find the one that is being made."""

    def post(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        packing.start_signed_zip(self.cohort, self.contact, actor=self.actor)
        newest = batches_of(self.cohort, self.contact).filter(state=Batch.DONE).first()
        if newest is None:
            raise Http404
        return see_other(f"{self.address('sponsor_receipt', batch=newest.uuid)}#copies")


class Copies(CohortPage):
    """The newest ZIP."""

    def get(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        found = copies_context(self).get("export")
        if found is None:
            raise Http404
        return serve(found.file, name=found.name, request=request)
