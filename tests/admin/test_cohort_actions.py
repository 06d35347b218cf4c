"""What staff do with a cohort, by its pages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from waffle import get_waffle_flag_model

from tests import factories
from tests.admin.staff_client import client_of, cohort_page, page, words
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.flags import EXPORTS

pytestmark = pytest.mark.django_db
OPEN = reverse("wagtail_cohorts:open_link", args=["-"]).removesuffix("-/")


def state_of(cohort: Any) -> str:
    cohort.refresh_from_db()
    return cohort.state


def test_opening_leads_to_the_institutions_signature() -> None:
    cohort = factories.cohort(factories.institution())
    response = client_of(cohort.institution).post(page("open", pk=cohort.pk))
    assert state_of(cohort) == CohortState.INSTITUTION_SIGNING
    assert "The institution signs next" in words(response)


def test_a_refusal_becomes_a_message() -> None:
    cohort = factories.cohort(factories.institution(), versions=[])
    response = client_of(cohort.institution).post(page("open", pk=cohort.pk), follow=True)
    assert "Choose at least one agreement." in response.content.decode()
    assert state_of(cohort) == CohortState.DRAFT


def test_cancelling_needs_a_reason_and_keeps_everything() -> None:
    cohort = factories.enrolling()
    client = client_of(cohort.institution)
    assert "Nobody can fill in" in client.get(page("cancel", pk=cohort.pk)).content.decode()
    assert client.post(page("cancel", pk=cohort.pk)).status_code == 200
    assert state_of(cohort) == CohortState.ENROLLING
    client.post(page("cancel", pk=cohort.pk), {"reason": "The funding fell away"})
    assert state_of(cohort) == CohortState.CANCELLED
    assert "The funding fell away" in client.get(cohort_page(cohort)).content.decode()


def test_one_step_back_says_where_to() -> None:
    cohort = factories.ready(students=1)
    client = client_of(cohort.institution)
    assert "back to “Enrolling”" in client.get(page("step_back", pk=cohort.pk)).content.decode()
    client.post(page("step_back", pk=cohort.pk), {"reason": "One document was wrong"})
    assert state_of(cohort) == CohortState.ENROLLING


def test_all_uninvited_students_are_invited_in_the_background() -> None:
    cohort = factories.enrolling()
    students = [factories.enrollment(cohort) for _ in range(3)]
    client = client_of(cohort.institution)
    response = client.post(page("invite", pk=cohort.pk), {"who": "uninvited"}, follow=True)
    assert "of 3 done" in response.content.decode()
    run_due_items()
    for one in students:
        one.refresh_from_db()
        assert one.invited_at is not None
    batch = Batch.objects.get(kind="invite")
    assert "The invitations are on their way." in client.get(page("batch", uuid=batch.uuid)).content.decode()


def test_only_the_chosen_ones_are_invited() -> None:
    cohort = factories.enrolling()
    chosen, other = factories.enrollment(cohort), factories.enrollment(cohort)
    client_of(cohort.institution).post(page("invite", pk=cohort.pk), {"chosen": [chosen.pk, "x", "9" * 30]})
    run_due_items()
    chosen.refresh_from_db()
    other.refresh_from_db()
    assert chosen.invited_at and not other.invited_at


def test_nobody_chosen_is_told() -> None:
    cohort = factories.enrolling()
    factories.enrollment(cohort)
    response = client_of(cohort.institution).post(page("invite", pk=cohort.pk))
    assert "Choose at least one student." in words(response)


def test_a_list_is_shown_before_it_is_written() -> None:
    cohort = factories.enrolling()
    client = client_of(cohort.institution)
    pasted = "Naledi Mokoena, naledi@example.com\nSipho Ndlovu, sipho@example.com"
    response = client.post(page("add_students", pk=cohort.pk), {"way": "paste", "pasted": pasted})
    assert "2 students can be added" in response.content.decode()
    assert cohort.enrollments.count() == 0
    response = client.post(
        page("add_students", pk=cohort.pk), {"way": "import", "packed": response.context["packed"]}
    )
    assert "2 students were added." in words(response)
    assert set(cohort.enrollments.values_list("last_name", flat=True)) == {"Mokoena", "Ndlovu"}


def test_a_file_with_a_bad_line_says_which() -> None:
    cohort = factories.enrolling()
    data = "first name,last name,e-mail\nNaledi,Mokoena,naledi@example.com\nSipho,Ndlovu,nowhere\n"
    sent = SimpleUploadedFile("students.csv", data.encode(), content_type="text/csv")
    response = client_of(cohort.institution).post(
        page("add_students", pk=cohort.pk), {"way": "file", "file": sent}
    )
    text = response.content.decode()
    assert "1 line needs a correction" in text
    assert "“nowhere” is not an e-mail address." in text
    assert cohort.enrollments.count() == 0


@pytest.mark.parametrize(
    "data",
    [
        {"way": "paste", "pasted": ""}, {"way": "file"}, {"way": "import", "packed": "x"}, {"way": "one"}, {},
        {"way": "paste", "pasted": "\x00\x01"}, {"way": "one", "first_name": "A", "last_name": "B", "email": "no"},
    ],
)  # fmt: skip
def test_bad_input_is_a_message_and_loses_nothing(data: dict[str, str]) -> None:
    cohort = factories.enrolling()
    response = client_of(cohort.institution).post(page("add_students", pk=cohort.pk), data)
    assert response.status_code == 200
    assert cohort.enrollments.count() == 0


def test_one_student_is_added_and_a_second_of_the_same_address_is_refused() -> None:
    cohort = factories.enrolling()
    client = client_of(cohort.institution)
    facts = {"way": "one", "first_name": "Naledi", "last_name": "Mokoena", "email": "naledi@example.com"}
    assert client.post(page("add_students", pk=cohort.pk), facts).status_code == 302
    response = client.post(page("add_students", pk=cohort.pk), facts)
    assert "is in this cohort already" in response.content.decode()
    assert 'value="Naledi"' in response.content.decode()


def test_the_sponsors_links_are_shown_on_a_post_only() -> None:
    cohort = factories.ready(students=1)
    client = client_of(cohort.institution)
    assert OPEN not in client.get(page("sponsor_links", pk=cohort.pk)).content.decode()
    first = client.post(page("sponsor_links", pk=cohort.pk)).context["links"][0]["url"]
    assert OPEN in first
    client.post(page("resend_sponsor", pk=cohort.pk))
    assert client.post(page("sponsor_links", pk=cohort.pk)).context["links"][0]["url"] != first


def test_finalizing_says_what_stands_in_the_way() -> None:
    cohort = factories.enrolling()
    response = client_of(cohort.institution).get(page("finalize", pk=cohort.pk))
    assert response.context["problems"]
    assert b'type="submit" class="button"' not in response.content.split(b"</header>")[-1]


def test_finalizing_runs_in_the_background_and_everything_can_be_downloaded() -> None:
    cohort = factories.sponsor_signed(students=1)
    client = client_of(cohort.institution)
    response = client.post(page("finalize", pk=cohort.pk))
    run_due_items()
    assert state_of(cohort) == CohortState.COMPLETED
    assert "Every paper is sealed" in client.get(response.url).content.decode()
    student = cohort.enrollments.get()
    certificate = client.get(page("certificate", pk=student.completion.pk))
    assert b"".join(certificate.streaming_content).startswith(b"%PDF-")
    package = client.get(page("package", pk=student.completion.pk))
    assert b"".join(package.streaming_content).startswith(b"PK")
    client.post(page("zip", pk=cohort.pk))
    run_due_items()
    export = ExportFile.objects.get()
    download = client.get(page("export_file", pk=export.pk))
    assert b"".join(download.streaming_content).startswith(b"PK")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert client.get(cohort_page(cohort)).context["next"].main.url == page("export_file", pk=export.pk)


def test_excel_and_csv_hold_the_students() -> None:
    cohort = factories.enrolling()
    factories.enrollment(cohort, last_name="Mokoena")
    client = client_of(cohort.institution)
    sheet = load_workbook(io.BytesIO(client.get(page("export", pk=cohort.pk)).content)).active
    assert [cell.value for cell in sheet[2]][2] == "Mokoena"
    assert "Mokoena" in client.get(page("export", pk=cohort.pk) + "?format=csv").content.decode("utf-8-sig")


def test_a_failed_item_is_named_and_can_be_tried_again() -> None:
    cohort = factories.enrolling()
    student = factories.enrollment(cohort)
    client = client_of(cohort.institution)
    client.post(page("invite", pk=cohort.pk), {"who": "uninvited"})
    batch = Batch.objects.get()
    batch.items.update(state="failed", error="The mail server was away.")
    batch.state, batch.active_key = Batch.DONE, None
    batch.save()
    text = client.get(page("batch", uuid=batch.uuid)).content.decode()
    assert student.full_name in text and "The mail server was away." in text
    client.post(page("batch_retry", uuid=batch.uuid))
    run_due_items()
    assert client.get(page("batch_progress", uuid=batch.uuid)).json() == {
        "open": False,
        "state": "done",
        "total": 1,
        "prepared": 1,
        "failed": 0,
        "percent": 100,
    }


def test_work_can_be_stopped_before_it_is_written() -> None:
    cohort = factories.enrolling()
    factories.enrollment(cohort)
    client = client_of(cohort.institution)
    client.post(page("invite", pk=cohort.pk), {"who": "uninvited"})
    client.post(page("batch_stop", uuid=Batch.objects.get().uuid))
    run_due_items()
    assert cohort.enrollments.get().invited_at is None


def test_closed_exports_are_gone_and_nothing_else_is() -> None:
    cohort = factories.enrolling()
    client = client_of(cohort.institution)
    get_waffle_flag_model().objects.filter(name=EXPORTS).update(everyone=False)
    assert client.get(page("export", pk=cohort.pk)).status_code == 404
    assert client.post(page("zip", pk=cohort.pk)).status_code == 404
    assert (
        client.get(reverse("wagtailsnippets_wagtail_cohorts_cohort:list") + "?export=csv").status_code == 404
    )
    text = client.get(cohort_page(cohort)).content.decode()
    assert page("export", pk=cohort.pk) not in text


def test_a_press_needs_the_token_of_the_page() -> None:
    cohort = factories.cohort(factories.institution())
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.staff(cohort.institution))
    assert client.post(page("open", pk=cohort.pk)).status_code == 403
    assert client.get(page("open", pk=cohort.pk)).status_code == 405
    assert state_of(cohort) == CohortState.DRAFT


def test_an_export_holds_the_columns_that_were_chosen() -> None:
    cohort = factories.enrolling()
    factories.enrollment(cohort)
    client = client_of(cohort.institution)
    shown = client.get(page("export_columns", pk=cohort.pk))
    assert shown.context["chosen"][0] == "cohort_name" and "Date of birth" in shown.content.decode()
    nothing = client.post(page("export_columns", pk=cohort.pk), {"format": "csv"})
    assert "Choose at least one column." in words(nothing) and not Batch.objects.exists()
    sent = {"columns": ["student_surname", "email"], "format": "csv"}
    response = client.post(page("export_columns", pk=cohort.pk), sent)
    batch = Batch.objects.get()
    assert response.url == page("batch", uuid=batch.uuid)
    run_due_items()
    download = client.get(page("export_file", pk=ExportFile.objects.get().pk))
    first = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()[0]
    assert first == "Student surname,E-mail"
