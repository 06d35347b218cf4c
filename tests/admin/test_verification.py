"""Looking at documents one after the other."""

from __future__ import annotations

import pytest

from tests import factories
from tests.admin.staff_client import client_of, page, queries_of, words
from wagtail_cohorts.cohorts.operations import cancel_cohort
from wagtail_cohorts.uploads.models import Upload, UploadState

pytestmark = pytest.mark.django_db


def test_the_oldest_document_is_open_and_its_facts_stand_beside_it() -> None:
    cohort = factories.enrolling()
    first, second = factories.submitted(cohort, identity_number="0106040000080"), factories.submitted(cohort)
    response = client_of(cohort.institution).get(page("verification"))
    text = response.content.decode()
    assert response.context["upload"] == first.uploads.get()
    assert "1 of 2" in text and "0106040000080" in text and "4 June 2001" in text
    assert page("document_page", uuid=first.uploads.get().uuid, page=1) in text
    assert page("verify", uuid=second.uploads.get().uuid) in text


def test_approving_opens_the_next_and_offers_to_undo() -> None:
    cohort = factories.enrolling()
    first, second = factories.submitted(cohort).uploads.get(), factories.submitted(cohort).uploads.get()
    client = client_of(cohort.institution)
    response = client.post(page("approve", uuid=first.uuid), follow=True)
    first.refresh_from_db()
    assert first.state == UploadState.APPROVED
    assert response.context["upload"] == second
    assert page("undo", uuid=first.uuid) in response.content.decode()
    response = client.post(page("undo", uuid=first.uuid), follow=True)
    first.refresh_from_db()
    assert (first.state, response.context["upload"]) == (UploadState.PENDING, first)


def test_sending_back_needs_a_reason_and_keeps_what_was_typed() -> None:
    upload = factories.submitted(factories.enrolling()).uploads.get()
    client = client_of(upload.institution)
    response = client.post(page("reject", uuid=upload.uuid), {"reason": "", "message": " "})
    assert response.status_code == 200 and "Say what is wrong" in response.content.decode()
    client.post(
        page("reject", uuid=upload.uuid), {"reason": "I cannot read it", "message": "Use more light."}
    )
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == (UploadState.REJECTED, "I cannot read it. Use more light")


def test_a_second_decision_is_refused_politely() -> None:
    upload = factories.submitted(factories.enrolling()).uploads.get()
    client = client_of(upload.institution)
    client.post(page("approve", uuid=upload.uuid))
    response = client.post(page("reject", uuid=upload.uuid), {"reason": "I cannot read it"})
    assert "Somebody decided about this document already" in response.content.decode()
    upload.refresh_from_db()
    assert upload.state == UploadState.APPROVED


def test_filters_stay_while_working_through_the_queue() -> None:
    house = factories.institution()
    other = factories.submitted(factories.enrolling(house)).uploads.get()
    cohort = factories.enrolling(house)
    first, second = factories.submitted(cohort).uploads.get(), factories.submitted(cohort).uploads.get()
    client = client_of(house)
    response = client.get(f"{page('verification')}?cohort={cohort.pk}")
    assert response.context["upload"] == first and response.context["place"].total == 2
    response = client.post(f"{page('approve', uuid=first.uuid)}?cohort={cohort.pk}", follow=True)
    assert response.context["upload"] == second and f"cohort={cohort.pk}" in response.request["QUERY_STRING"]
    response = client.post(f"{page('approve', uuid=second.uuid)}?cohort={cohort.pk}", follow=True)
    assert response.context["upload"] is None and "No document matches" in response.content.decode()
    assert client.get(page("verification")).context["upload"] == other


def test_only_who_has_sent_everything_can_be_asked_for() -> None:
    cohort = factories.enrolling()
    factories.filled(factories.invited(cohort))
    done = factories.submitted(cohort).uploads.get()
    client = client_of(cohort.institution)
    assert client.get(page("verification")).context["place"].total == 2
    assert client.get(f"{page('verification')}?finished=1").context["upload"] == done


@pytest.mark.parametrize(
    "query", ["cohort=x", "cohort=" + "9" * 30, "q=%00", "document=%25", "accepted=-1", "accepted=x"]
)
def test_odd_filters_do_no_harm(query: str) -> None:
    cohort = factories.enrolling()
    factories.submitted(cohort)
    assert client_of(cohort.institution).get(f"{page('verification')}?{query}").status_code == 200


def test_nothing_waits_in_a_cancelled_cohort() -> None:
    cohort = factories.enrolling()
    upload = factories.submitted(cohort).uploads.get()
    cancel_cohort(cohort, reason="no money", actor=factories.actor_of(cohort.institution))
    client = client_of(cohort.institution)
    assert "Nothing waits for you" in client.get(page("verification")).content.decode()
    response = client.post(page("approve", uuid=upload.uuid))
    assert "no longer in this cohort" in words(response)


def test_another_institutions_document_does_not_exist() -> None:
    upload = factories.submitted(factories.enrolling()).uploads.get()
    stranger = client_of(factories.institution())
    for name in ("verify", "document_file", "document_original"):
        assert stranger.get(page(name, uuid=upload.uuid)).status_code == 404
    for name in ("approve", "reject", "undo"):
        assert stranger.post(page(name, uuid=upload.uuid), {"reason": "x"}).status_code == 404
    assert "Nothing waits" in stranger.get(page("verification")).content.decode()


def test_the_queue_takes_the_same_queries_at_two_and_a_thousand_documents() -> None:
    cohort = factories.enrolling()
    one = factories.submitted(cohort).uploads.get()
    client = client_of(cohort.institution)

    def add(count: int) -> None:
        Upload.objects.bulk_create(
            Upload(
                institution=one.institution, enrollment=one.enrollment, required_document=one.required_document,
                file=one.file, original=one.original, name="id.jpg",
            )
            for _ in range(count)
        )  # fmt: skip

    add(9)
    few = queries_of(client, page("verification"))
    add(1000)
    assert queries_of(client, page("verification")) == few
