"""Founding institutions, staff joining and leaving, and certificates."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.crypto import decrypt, encrypt
from wagtail_cohorts.evidence.operations import append, open_stream
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.institutions.models import Institution, Membership, SigningCertificate
from wagtail_cohorts.transactions import operation

GROUP_NAME = "Cohorts staff"


@operation
def found_institution(institution: Institution, *, actor: Actor) -> Institution:
    """Save a new institution with its chain. Emits institution.founded."""
    institution.save()
    open_stream(institution.stream_key, institution_id=institution.pk)
    append(
        institution.stream_key,
        "institution.founded",
        actor=actor,
        data={"institution": str(institution.uuid)},
    )
    return institution


@operation
def add_member(institution: Institution, user: Any, *, role: str, actor: Actor) -> Membership:
    """Give a user a role, or change it. Raises WrongState for the last administrator.

    Emits staff.joined or staff.role_changed.
    """
    if role != Membership.ADMINISTRATOR:
        _keep_an_administrator(institution.pk, leaving=user)
    membership, created = Membership.objects.update_or_create(
        user=user, institution=institution, defaults={"role": role}
    )
    user.groups.add(staff_group())
    append(
        institution.stream_key,
        "staff.joined" if created else "staff.role_changed",
        actor=actor,
        data={"user": f"user:{user.pk}", "role": role},
    )
    return membership


@operation
def remove_member(membership: Membership, *, actor: Actor) -> None:
    """Take the role away at once. Raises WrongState for the last administrator. Emits staff.left."""
    institution, user = membership.institution, membership.user
    _keep_an_administrator(institution.pk, leaving=user)
    Membership.objects.filter(pk=membership.pk).delete()  # may run again: the instance keeps its key
    if not Membership.objects.filter(user=user).exists():
        user.groups.remove(staff_group())
    append(institution.stream_key, "staff.left", actor=actor, data={"user": f"user:{user.pk}"})


def _keep_an_administrator(institution_id: int, *, leaving: Any) -> None:
    """Under the institution's lock, so that two administrators cannot leave at the same moment."""
    institution = Institution.objects.select_for_update().get(pk=institution_id)
    administrators = institution.memberships.filter(role=Membership.ADMINISTRATOR)
    if {row.user_id for row in administrators} == {leaving.pk}:
        raise WrongState(_("An institution keeps at least one administrator."))


def staff_group() -> Group:
    """The one group that lets staff into the Wagtail admin; it grants nothing else."""
    group, created = Group.objects.get_or_create(name=GROUP_NAME)
    if created or not group.permissions.exists():
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
        )
    return group


def find_user(email: str) -> Any | None:
    """The one active user with this address, in any case."""
    model = get_user_model()
    found = list(
        model._default_manager.filter(**{f"{model.get_email_field_name()}__iexact": email}, is_active=True)[
            :2
        ]
    )
    return found[0] if len(found) == 1 else None


def credentials_of(institution: Institution, *, actor: Actor) -> pdf.Credentials:
    """The institution's active sealing credentials, made on first use."""
    row = SigningCertificate.objects.filter(institution=institution).exclude(active_key=None).first()
    if row is None:
        row = _make_certificate(institution, actor=actor)
    return pdf.Credentials(
        certificate_pem=row.certificate_pem.encode(),
        key_pem=decrypt(row.encrypted_key),
        chain=_split_chain(row.chain_pem),
    )


def _split_chain(pem: str) -> tuple[bytes, ...]:
    end = "-----END CERTIFICATE-----"
    return tuple(f"{part.strip()}\n{end}\n".encode() for part in pem.split(end) if part.strip())


def _make_certificate(institution: Institution, *, actor: Actor) -> SigningCertificate:
    made = pdf.generate(institution.name, common_name=f"{institution.name} (document seal)")
    return _activate(institution, made, is_own=False, actor=actor)


def replace_certificate(
    institution: Institution, *, pkcs12: bytes, password: str, actor: Actor
) -> SigningCertificate:
    """Seal with the institution's own certificate from now on. Raises BadInput for a file that does not open."""
    try:
        loaded = pdf.from_pkcs12(pkcs12, password)
    except pdf.SealError as error:
        raise BadInput(str(error), field="pkcs12") from error
    return _activate(institution, loaded, is_own=True, actor=actor)


@operation
def _activate(
    institution: Institution, made: pdf.Credentials, *, is_own: bool, actor: Actor
) -> SigningCertificate:
    Institution.objects.select_for_update().get(pk=institution.pk)
    active = SigningCertificate.objects.filter(institution=institution).exclude(active_key=None)
    existing = active.first()
    if existing is not None and not is_own:
        return existing
    active.update(active_key=None)
    row = SigningCertificate.objects.create(
        institution=institution,
        active_key=f"institution:{institution.pk}",
        subject=made.subject,
        fingerprint=made.fingerprint,
        certificate_pem=made.certificate_pem.decode(),
        chain_pem=b"".join(made.chain).decode(),
        encrypted_key=encrypt(made.key_pem),
        is_own=is_own,
        not_after=clock.storable(made.not_after),
    )
    append(
        institution.stream_key,
        "certificate.activated",
        actor=actor,
        data={"fingerprint": made.fingerprint, "own": is_own},
    )
    return row
