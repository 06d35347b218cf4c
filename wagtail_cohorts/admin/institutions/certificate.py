"""The certificate that seals the institution's finished PDFs: what it is, and bringing one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_cohorts.admin.institutions.page import InstitutionPage
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.institutions.operations import replace_certificate
from wagtail_cohorts.models import SigningCertificate

MAX_BYTES = 200_000


class CertificateForm(forms.Form):
    pkcs12 = forms.FileField(
        label=gettext_lazy("Certificate file (.p12 or .pfx)"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password of the file"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_pkcs12(self) -> Any:
        upload = self.cleaned_data["pkcs12"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("A certificate file is small. This one is something else."))
        return upload


class CertificateView(InstitutionPage):
    template_name = "wagtail_cohorts/admin/institutions/certificate.html"
    page_title = gettext_lazy("Certificate")
    header_icon = "key"
    form: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = CertificateForm()
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = CertificateForm(request.POST, request.FILES)
        if self.form.is_valid() and self.replace():
            return redirect(self.address("certificate"))
        return self.render_to_response(self.get_context_data())

    def replace(self) -> bool:
        given = self.form.cleaned_data
        try:
            replace_certificate(
                self.institution, pkcs12=given["pkcs12"].read(), password=given["password"], actor=self.actor
            )
        except BadInput as error:
            self.form.add_error("pkcs12", str(error))
            return False
        messages.success(self.request, _("PDFs are sealed with your own certificate from now on."))
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = SigningCertificate.objects.filter(institution=self.institution)
        return super().get_context_data(
            form=self.form,
            active=rows.exclude(active_key=None).first(),
            earlier=rows.filter(active_key=None),
            **kwargs,
        )
