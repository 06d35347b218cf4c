from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from tests import factories as make
from wagtail_cohorts import pdf
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.institutions.models import Membership, SigningCertificate
from wagtail_cohorts.institutions.operations import (
    add_member,
    credentials_of,
    find_user,
    remove_member,
    replace_certificate,
)
from wagtail_cohorts.institutions.permissions import DraftOnlyDeletePolicy, RolePolicy

pytestmark = pytest.mark.django_db


def pkcs12(password: bytes = b"secret") -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    made = pdf.generate("Own", common_name="Own seal")
    key = load_pem_private_key(made.key_pem, None)
    certificate = x509.load_pem_x509_certificate(made.certificate_pem)
    return serialize_key_and_certificates(b"own", key, certificate, None, BestAvailableEncryption(password))


def test_staff_see_their_own_institution_and_no_other() -> None:
    one, two = make.institution(), make.institution()
    mine, theirs = make.cohort(one), make.cohort(two)
    user = make.staff(one)
    assert list(Cohort.objects.visible_to(user)) == [mine]
    add_member(two, user, role="coordinator", actor=SYSTEM_ACTOR)
    assert set(Cohort.objects.visible_to(user)) == {mine, theirs}


def test_superusers_see_all_and_strangers_nothing() -> None:
    make.cohort(make.institution())
    assert Cohort.objects.visible_to(make.user(is_superuser=True)).count() == 1
    assert Cohort.objects.visible_to(make.user()).count() == 0
    assert Cohort.objects.visible_to(AnonymousUser()).count() == 0
    assert Cohort.objects.visible_to(make.user(is_superuser=True, is_active=False)).count() == 0


def test_a_removed_person_sees_nothing_at_once() -> None:
    institution = make.institution()
    make.cohort(institution)
    user = make.staff(institution)
    remove_member(Membership.objects.get(user=user), actor=SYSTEM_ACTOR)
    assert Cohort.objects.visible_to(user).count() == 0 and not user.groups.exists()


def test_the_last_administrator_stays() -> None:
    institution = make.institution()
    user = make.staff(institution, role="administrator")
    with pytest.raises(WrongState):
        remove_member(Membership.objects.get(user=user), actor=SYSTEM_ACTOR)


def test_joining_grants_the_admin_and_nothing_else() -> None:
    user = make.staff(make.institution())
    assert user.get_all_permissions() == {"wagtailadmin.access_admin"}


def test_the_role_counts_in_the_objects_institution() -> None:
    one, two = make.institution(), make.institution()
    user = make.staff(one, role="administrator")
    policy = RolePolicy(Cohort)
    assert policy.user_has_permission_for_instance(user, "change", make.cohort(one))
    assert not policy.user_has_permission_for_instance(user, "change", make.cohort(two))


def test_group_permissions_grant_nothing() -> None:
    from django.contrib.auth.models import Permission

    user = make.user()
    user.user_permissions.set(
        Permission.objects.filter(Q(content_type__app_label="wagtail_cohorts") | Q(pk__gt=0))
    )
    assert not RolePolicy(Cohort).user_has_permission(user, "view")


def test_a_cohort_is_deleted_as_a_draft_only_even_by_a_superuser() -> None:
    policy, root = DraftOnlyDeletePolicy(Cohort), make.user(is_superuser=True)
    cohort = make.cohort(make.institution())
    assert policy.user_has_permission_for_instance(root, "delete", cohort)
    cohort.state = "enrolling"
    assert not policy.user_has_permission_for_instance(root, "delete", cohort)


def test_an_address_shared_by_two_users_names_nobody() -> None:
    first = make.user()
    assert find_user(first.email.upper()) == first
    if first._meta.get_field("email").unique:
        pytest.skip("no two users of this host share an address")
    second = make.user()
    second.email = first.email
    second.save()
    assert find_user(first.email) is None


def test_a_certificate_is_made_on_first_use_and_kept() -> None:
    institution = make.institution()
    first, again = (credentials_of(institution, actor=SYSTEM_ACTOR) for _ in range(2))
    assert first.fingerprint == again.fingerprint and SigningCertificate.objects.count() == 1


def test_the_private_key_is_encrypted_at_rest() -> None:
    institution = make.institution()
    credentials = credentials_of(institution, actor=SYSTEM_ACTOR)
    row: Any = SigningCertificate.objects.values().get()
    assert (
        not any("PRIVATE KEY" in str(value) for value in row.values())
        and b"PRIVATE KEY" in credentials.key_pem
    )


def test_an_own_certificate_takes_its_place_and_the_old_one_is_kept() -> None:
    institution = make.institution()
    old = credentials_of(institution, actor=SYSTEM_ACTOR)
    replace_certificate(institution, pkcs12=pkcs12(), password="secret", actor=SYSTEM_ACTOR)
    new = credentials_of(institution, actor=SYSTEM_ACTOR)
    assert new.fingerprint != old.fingerprint and SigningCertificate.objects.count() == 2
    assert SigningCertificate.objects.exclude(active_key=None).count() == 1


def test_a_wrong_password_or_file_is_told_and_nothing_changes() -> None:
    institution = make.institution()
    for data, password in ((pkcs12(), "wrong"), (b"nonsense", "secret")):
        with pytest.raises(BadInput):
            replace_certificate(institution, pkcs12=data, password=password, actor=SYSTEM_ACTOR)
    assert not SigningCertificate.objects.exists()
