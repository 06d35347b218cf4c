"""The form of a cohort: scoped choices, texts in the institution's language, and what may still change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from wagtail_cohorts.agreements.models import SPONSOR, AgreementTemplate
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate, Programme, RequiredDocument
from wagtail_cohorts.cohorts.operations import CHANGEABLE, SPONSOR_SIDE, definitions_of
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.texts import in_language

FROZEN_RELATIONS = ("cohort_templates", "required_documents")
WHY_FROZEN = _("Fixed since the cohort was opened: papers in use depend on it.")


def is_frozen(cohort: Cohort | None) -> bool:
    return cohort is not None and cohort.pk is not None and cohort.state != CohortState.DRAFT


class TextsField(forms.CharField):
    """A plain input for a text that is kept by language."""

    def prepare_value(self, value: Any) -> Any:
        return in_language(value) if isinstance(value, dict) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial), data))


class CohortChildForm(WagtailAdminModelForm):
    """A row of the cohort's form; the cohort's form says which institution it is for."""

    institution: Institution | None = None
    texts: tuple[str, ...] = ()

    def clean(self) -> Any:
        cleaned = super().clean()
        language = self.institution.language if self.institution else "en"
        for name in self.texts:
            if isinstance(cleaned.get(name), str):
                kept = {
                    key: text for key, text in (getattr(self.instance, name) or {}).items() if key != language
                }
                cleaned[name] = {**kept, language: cleaned[name]} if cleaned[name] else kept
        return cleaned

    def same_institution(self, name: str) -> Any:
        chosen = self.cleaned_data.get(name)
        if chosen is not None and self.institution and chosen.institution_id != self.institution.pk:
            raise ValidationError(_("This belongs to another institution."))
        return chosen


class AgreementForm(CohortChildForm):
    class Meta:
        model = CohortTemplate
        fields = ["template"]

    def clean_template(self) -> Any:
        return self.same_institution("template")


class RequiredDocumentForm(CohortChildForm):
    texts = ("name", "help")
    name = TextsField(label=_("Name"), max_length=120)
    help = TextsField(label=_("Help for the student"), max_length=300, required=False)

    class Meta:
        model = RequiredDocument
        fields = ["name", "help", "is_required"]


class ContactField(forms.ModelChoiceField):
    """Contacts by name, with their company."""

    def label_from_instance(self, contact: Any) -> str:
        return f"{contact.name}, {contact.sponsor.name} ({contact.email})"


class SignatoryForm(CohortChildForm):
    """Who signs in which role; the cohort's form says which roles there are."""

    class Meta:
        model = CohortParty
        fields = ["role_key", "contact"]

    def __init__(self, *args: Any, roles: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contacts = SponsorContact.objects.select_related("sponsor").order_by("sponsor__name", "name")
        self.fields["contact"] = ContactField(contacts, label=_("Contact"))
        kept = self.instance.role_key or SPONSOR
        offered = {SPONSOR: gettext("Sponsor"), **({kept: kept} if kept != SPONSOR else {}), **(roles or {})}
        self.fields["role_key"] = forms.ChoiceField(
            label=_("Signs as"), choices=list(offered.items()), initial=SPONSOR
        )

    def clean_contact(self) -> Any:
        return self.same_institution("contact")


class CohortForm(WagtailAdminModelForm):
    """After draft only what ``CHANGEABLE`` names is asked; the rest is shown with the reason."""

    class Meta:
        model = Cohort
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frozen_names: set[str] = set()
        if "parties" in self.formsets:
            self.formsets["parties"].form_kwargs["roles"] = sponsor_roles(self.instance, self.for_user)
        if is_frozen(self.instance):
            self._freeze()

    def _freeze(self) -> None:
        self.frozen_names = set(self.fields) - set(CHANGEABLE)
        for name in self.frozen_names:
            self.fields[name].disabled = True
            self.fields[name].help_text = WHY_FROZEN
        for relation in FROZEN_RELATIONS:
            self.formsets.pop(relation, None)

    def clean(self) -> Any:
        cleaned = super().clean()
        institution = cleaned.get("institution") or (self.instance.institution if self.instance.pk else None)
        for formset in self.formsets.values():
            for child in formset.forms:
                child.institution = institution
        return cleaned

    def save(self, commit: bool = True) -> Cohort:
        cohort: Cohort = super().save(commit=commit)
        if cohort.pk is None and not list(cohort.required_documents.all()):
            cohort.required_documents = documents_of(cohort.programme, cohort.institution.language)
        return cohort


def sponsor_roles(cohort: Cohort, user: Any) -> dict[str, str]:
    """Key and name of each role of the sponsor's side, in the cohort's frozen agreements, else in all it may have."""
    if is_frozen(cohort):
        roles = [(role.key, role.kind, role.name) for one in definitions_of(cohort) for role in one.roles]
    else:
        templates = AgreementTemplate.objects.visible_to(user) if user else AgreementTemplate.objects.none()
        if cohort.institution_id:
            templates = templates.filter(institution_id=cohort.institution_id)
        lists = templates.order_by("title", "pk").values_list("roles", flat=True)
        roles = [(row["key"], row["kind"], row["name"]) for rows in lists for row in rows]
    found: dict[str, list[str]] = {}
    for key, kind, name in roles:
        if kind in SPONSOR_SIDE and name not in found.setdefault(key, []):
            found[key].append(name)
    return {key: " / ".join(names[:3]) for key, names in found.items()}


def documents_of(programme: Programme, language: str) -> list[RequiredDocument]:
    """What a new cohort of the programme asks for."""
    rows = [row for row in programme.required_documents if isinstance(row, dict) and row.get("name")]
    return [
        RequiredDocument(
            name=by_language(row["name"], language),
            help=by_language(row.get("help", ""), language),
            is_required=bool(row.get("is_required", row.get("required", True))),
            position=place,
        )
        for place, row in enumerate(rows)
    ]


def by_language(value: Any, language: str) -> dict[str, str]:
    return dict(value) if isinstance(value, dict) else ({language: str(value)} if value else {})
