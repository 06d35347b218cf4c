"""Who signs instead: a person of the company who is known already, or a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_cohorts.sponsors.models import SponsorContact

NEW = "new"


class ContactForm(forms.Form):
    who = forms.ChoiceField(label=gettext_lazy("Who signs instead"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=120, required=False)

    def __init__(self, *args: Any, contact: SponsorContact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        others = SponsorContact.objects.filter(sponsor=contact.sponsor).exclude(pk=contact.pk)
        known = [(str(one.pk), str(one)) for one in others.order_by("name")]
        self.knows_others = bool(known)
        who: Any = self.fields["who"]
        who.choices = [*known, (NEW, _("Somebody new"))]
        who.initial = known[0][0] if known else NEW

    @property
    def new_person_fields(self) -> list[Any]:
        return [self[name] for name in ("name", "email", "phone", "position")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("who") == NEW:
            for name in ("name", "email"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("This is needed for a new person."))
        return cleaned

    def person(self) -> SponsorContact:
        """The chosen one; or a new one of the company, not saved yet, unless the address is known."""
        given = self.cleaned_data
        mine = SponsorContact.objects.filter(sponsor=self.contact.sponsor)
        if given["who"] != NEW:
            return mine.get(pk=given["who"])
        known = mine.filter(email__iexact=given["email"]).exclude(pk=self.contact.pk).first()
        facts = {name: given[name] for name in ("name", "email", "phone", "position")}
        return known or SponsorContact(sponsor=self.contact.sponsor, **facts)
