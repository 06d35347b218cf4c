"""A form of the kind that training authorities print goes through its whole life, to sealed papers with every value in
its cell."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests import candidacy
from tests import factories as make
from wagtail_cohorts import pdf
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams

pytestmark = pytest.mark.django_db


def cells(agreement: Agreement, key: str) -> str:
    field = {one.key: one for one in definition_of(agreement.version).fields}[key]
    found = candidacy.in_cells(agreement.sealed.read(), field)  # type: ignore[union-attr]
    assert len(found) == field.cells
    return "|".join(found)


def crossed(agreement: Agreement, key: str) -> list[str]:
    field = {one.key: one for one in definition_of(agreement.version).fields}[key]
    data = agreement.sealed.read()  # type: ignore[union-attr]
    return [one.value for one in field.options if candidacy.darkness(data, one) > 60]


def test_a_minor_and_an_adult_a_guardian_and_two_employers_complete_the_form() -> None:
    cohort = candidacy.opened()
    assert cohort.state == "enrolling"  # no institution signs
    assert not cohort.agreements.filter(enrollment=None).exists()
    adult = make.sent(candidacy.candidate(cohort, candidacy.ADULT_ID))
    minor = candidacy.minor(cohort)
    cohort.refresh_from_db()
    assert cohort.state == "enrolling" and not adult.waits_for_guardian
    candidacy.guardian_signs(minor)
    cohort.refresh_from_db()
    assert cohort.state == "ready_for_sponsor"
    candidacy.signs(cohort, "lead")
    assert cohort.state == "ready_for_sponsor"
    candidacy.signs(cohort, "host")
    assert cohort.state == "institution_review"
    batch = start_finalizing(cohort, actor=make.actor_of(cohort.institution))
    run_due_items(batch_id=batch.pk, limit=100)
    cohort.refresh_from_db()
    assert cohort.state == "completed"

    paper, other = minor.agreements.get(), adult.agreements.get()
    roles = list(paper.acts.order_by("pk").values_list("role_key", flat=True))
    assert roles == ["student", "guardian", "lead", "host"]  # and no witness, who has no place on it
    assert list(other.acts.order_by("pk").values_list("role_key", flat=True)) == ["student", "lead", "host"]
    assert cells(paper, "identity_number") == "|".join(candidacy.MINOR_ID)
    assert cells(paper, "start_date") == "2|0|2|7|0|1|1|1" and cells(paper, "end_date") == "2|0|2|7|1|2|1|0"
    assert cells(paper, "since") == "2|0|2|6|0|2|2|8" and cells(paper, "postal_code") == "1|6|8|5"
    assert cells(paper, "guardian_identity") == "8|0|0|1|0|1|5|0|0|9|0|8|7"
    assert cells(paper, "guardian_phone") == "0|8|2|5|5|5|0|1|0|1"
    assert cells(paper, "lead_levy_number") == "L|1|2|3|4|5|6|7|8|9"
    for role in roles:
        assert cells(paper, f"{role}_signed_on") == "2|0|2|6|1|1|2|4"
    assert cells(other, "guardian_signed_on") == "|||||||" and cells(other, "guardian_identity") == "|" * 12
    for key, value in (("gender", "male"), ("race", "african"), ("citizen", "yes"), ("agrees", "disagree"),
                       ("employed", "no"), ("guardian_lives_with", "yes"), ("lead_pays_levy", "yes"),
                       ("host_pays_levy", "no")):  # fmt: skip
        assert crossed(paper, key) == [value], key
    text = "".join(pdf_text(paper))
    for words in ("Nomsa Dube", "Mother", "Karoo Signal Networks", "Harbour Light Systems"):
        assert words in text
    seals = pdf.verify(paper.sealed.read())  # type: ignore[union-attr]
    assert [(seal.intact, seal.whole_file) for seal in seals] == [(True, True)]
    chains = verify_streams(Stream.objects.filter(key__in=[minor.stream_key, cohort.stream_key]))
    assert [chain.problem for chain in chains] == ["", ""]
    assert Event.objects.filter(name="sponsor.invited").count() == 2


def pdf_text(agreement: Agreement) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(agreement.sealed.read())).pages]  # type: ignore[union-attr]
