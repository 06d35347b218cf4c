"""Adding students: one by one, a pasted list, or a file; lists are shown before anything is written."""

from __future__ import annotations

import json
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_cohorts.admin.addresses import cohort_url, student_url
from wagtail_cohorts.admin.enrollments.forms import StudentForm
from wagtail_cohorts.admin.pages import CohortPage
from wagtail_cohorts.enrollments.importing import (
    ImportRefused,
    Preview,
    import_students,
    parse_csv,
    parse_pasted,
    preview_import,
)
from wagtail_cohorts.enrollments.operations import add_student
from wagtail_cohorts.exceptions import BadInput, CohortsError

SALT = "wagtail_cohorts.import"
COLUMNS = ("first_name", "last_name", "email", "phone", "identity_number", "city")


class AddStudentsPage(CohortPage):
    """Three ways on one page; each form says with ``way`` which it is."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/cohorts/add_students.html"
    page_title = gettext_lazy("Add students")
    error = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ways = {"one": self.add_one, "paste": self.paste, "file": self.read_file, "import": self.import_list}
        way = ways.get(request.POST.get("way", ""))
        return way() if way else self.redraw()

    def redraw(self, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**{**self.kwargs, **more}))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = {
            "form": StudentForm(),
            "pasted": self.request.POST.get("pasted", ""),
            "preview": None,
            "way_errors": {},
        }
        return super().get_context_data(**{**given, **kwargs})

    def add_one(self) -> HttpResponse:
        form = StudentForm(self.request.POST)
        try:
            enrollment = add_student(self.cohort, form.raw(), actor=self.actor)
        except BadInput as error:
            form.add_refusal(error)
            return self.redraw(form=form)
        except CohortsError as error:
            messages.error(self.request, str(error))
            return self.redraw(form=form)
        messages.success(
            self.request,
            _("%s was added.") % enrollment.full_name,
            buttons=[messages.button(student_url(enrollment.pk), _("Open"))],
        )
        return redirect(self.request.path if "again" in self.request.POST else cohort_url(self.cohort.pk))

    def paste(self) -> HttpResponse:
        try:
            return self.show(parse_pasted(self.request.POST.get("pasted", "")))
        except CohortsError as error:
            return self.redraw(way_errors={"paste": str(error)})

    def read_file(self) -> HttpResponse:
        sent = self.request.FILES.get("file")
        if sent is None:
            return self.redraw(way_errors={"file": _("Choose a CSV file.")})
        try:
            return self.show(parse_csv(sent.read()))
        except CohortsError as error:
            return self.redraw(way_errors={"file": str(error)})

    def show(self, rows: Any) -> HttpResponse:
        rows = [dict(row) for row in rows]
        if not rows:
            raise BadInput(_("There is no student in this list."))
        return self.show_preview(preview_import(self.cohort, rows), rows)

    def show_preview(self, preview: Preview, rows: list[dict[str, Any]]) -> HttpResponse:
        names = [name for name in COLUMNS if any(row.get(name) for row in rows)]
        return self.redraw(
            preview=preview,
            headings=[StudentForm.base_fields[name].label for name in names],
            packed=signing.dumps(rows, salt=SALT, compress=True),
            cells=[(row, [row.values.get(name, "") for name in names]) for row in preview.rows],
        )

    def import_list(self) -> HttpResponse:
        """The list that was shown, signed so that it is that one; nothing or all of it is written."""
        try:
            rows = signing.loads(self.request.POST.get("packed", ""), salt=SALT, max_age=86400)
        except (signing.BadSignature, json.JSONDecodeError, ValueError):
            messages.error(self.request, _("This list is too old. Send it once more."))
            return self.redraw()
        try:
            count = import_students(self.cohort, rows, actor=self.actor)
        except ImportRefused as error:
            messages.error(self.request, str(error))
            return self.show_preview(error.preview, rows)
        except CohortsError as error:
            messages.error(self.request, str(error))
            return self.redraw()
        messages.success(
            self.request, ngettext("%d student was added.", "%d students were added.", count) % count
        )
        return redirect(cohort_url(self.cohort.pk))
