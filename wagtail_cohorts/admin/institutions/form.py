"""The institution's form: a language of the site, a colour from a palette, and text in a roomy box."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm


class InstitutionForm(WagtailAdminModelForm):
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("Of e-mails, and of the texts that editors write for students.")
    )

    class Meta:
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = django_settings.LANGUAGES
