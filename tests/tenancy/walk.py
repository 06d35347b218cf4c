"""Every URL that serves one of our models or lives in our package. What is not named here fails the walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from tests.tenancy.world import House

# Wagtail's patterns by what they serve; a pattern that is not here fails until someone has thought about it.
ROWS = {"list", "index", "list_results", "index_results", "choose", "choose_results"}
FORMS = {"add", "create", "preview_on_add"}
KEYS = {"chosen_multiple"}
OBJECTS = {
    "edit", "delete", "copy", "inspect", "usage", "history", "history_results", "reorder", "chosen",
    "preview_on_edit", "revisions_view", "revisions_revert", "revisions_compare", "revisions_unschedule",
    "unpublish", "lock", "unlock", "workflow_action", "collect_workflow_action_data",
    "confirm_workflow_cancellation", "workflow_history", "workflow_history_detail", "workflow_preview",
    "page_image", "version_pdf", "staff", "staff_role", "staff_link", "staff_remove", "certificate",
}  # fmt: skip

MODEL_OBJECTS: dict[str, Callable[[House], Any]] = {
    "institution": lambda house: house.institution,
    "agreementtemplate": lambda house: house.template,
    "programme": lambda house: house.programme,
    "sponsor": lambda house: house.sponsor,
    "cohort": lambda house: house.draft,
    "enrollment": lambda house: house.student,
}

# Our own pages: which object's key stands in the address. None: a list of what the user may see.
PAGES: dict[str, Callable[[House], Any] | None] = {
    "dashboard": None,
    "verification": None,
    **dict.fromkeys(
        ("open", "go_on", "cancel", "step_back", "sign", "specimen_page", "add_students", "invite", "remind",
         "resend_sponsor", "sponsor_links", "sponsor", "remind_sponsor", "change_contact",
         "finalize", "zip", "export", "export_columns"),
        lambda house: house.enrolling,
    ),
    **dict.fromkeys(
        ("invite_student", "student_link", "change_student", "withdraw", "readmit", "reset", "remind_student",
         "guardian", "guardian_link", "ask_guardian", "revoke_guardian"),
        lambda house: house.student,
    ),
    **dict.fromkeys(
        ("verify", "approve", "reject", "undo", "document_file", "document_original", "document_page"),
        lambda house: house.upload,
    ),
    **dict.fromkeys(
        ("agreement_file", "agreement_page", "agreement_history", "agreement_history_results"),
        lambda house: house.agreement,
    ),
    **dict.fromkeys(("certificate", "package"), lambda house: house.record),
    "export_file": lambda house: house.export,
    **dict.fromkeys(("batch", "batch_progress", "batch_retry", "batch_stop"), lambda house: house.batch),
}  # fmt: skip
OWN_NAMESPACE = "wagtail_cohorts_admin"


@dataclass(frozen=True)
class Address:
    """One pattern of the admin that is ours."""

    name: str
    pattern: Any
    view: Any
    model: Any

    @property
    def short(self) -> str:
        return self.name.rpartition(":")[2]

    @property
    def is_own_page(self) -> bool:
        return self.name.startswith(f"{OWN_NAMESPACE}:")

    @property
    def kind(self) -> str:
        """rows, form, keys or object; KeyError for a pattern that nobody has classified."""
        if self.is_own_page:
            return "rows" if PAGES[self.short] is None else "object"
        kinds = {"rows": ROWS, "form": FORMS, "keys": KEYS, "object": OBJECTS}
        return {name: kind for kind, names in kinds.items() for name in names}[self.short]

    def subject(self, house: House) -> Any:
        if self.is_own_page:
            find = PAGES[self.short]
            return find(house) if find else None
        return MODEL_OBJECTS[self.model._meta.model_name](house)

    def url(self, house: House) -> str:
        """The address of this house's object. An argument that nobody has thought of raises KeyError."""
        values = arguments(house, self.subject(house), self.short)
        url = reverse(
            self.name, kwargs={key: values[key] for key in self.pattern.pattern.converters or self._groups()}
        )
        return f"{url}?multiple=1&id={self.subject(house).pk}" if self.kind == "keys" else url

    def _groups(self) -> Any:
        return self.pattern.pattern.regex.groupindex


def arguments(house: House, subject: Any, name: str) -> dict[str, Any]:
    found = {"page": 1, "number": 1, "member": house.institution.memberships.first().pk}
    found.update(
        revision_id=house.template.revisions.earliest("pk").pk,
        revision_id_a="earliest",
        revision_id_b="latest",
    )
    if subject is not None:
        found.update(pk=subject.pk, uuid=getattr(subject, "uuid", None))
    if name == "specimen_page":
        found["uuid"] = house.specimen.uuid
    return found


def walk(patterns: Any = None, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern.url_patterns, inner)
        else:
            yield ":".join([*namespaces, pattern.name or ""]), pattern


def our_addresses() -> list[Address]:
    """In the admin; the public pages are walked by link."""
    found = []
    for name, pattern in walk():
        view = getattr(pattern.callback, "view_class", None)
        model = getattr(pattern.callback, "view_initkwargs", {}).get("model") or getattr(view, "model", None)
        module = getattr(view or pattern.callback, "__module__", "")
        serves_ours = getattr(getattr(model, "_meta", None), "app_label", "") == "wagtail_cohorts"
        if serves_ours or (
            module.startswith("wagtail_cohorts.")
            and not module.startswith(("wagtail_cohorts.portal.", "wagtail_cohorts.probes."))
        ):
            found.append(Address(name, pattern, view, model))
    return found
