"""Staff who join by e-mail address: known users at once, others by a link that lets them choose a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.conf import settings
from wagtail_cohorts.evidence.consumers import Consumer, register
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.institutions.models import Institution, Membership
from wagtail_cohorts.institutions.operations import add_member, find_user
from wagtail_cohorts.transactions import operation

if TYPE_CHECKING:
    from wagtail_cohorts.evidence.models import Delivery

INVITED = "staff.invited"


@operation
def invite_member(institution: Institution, *, email: str, role: str, actor: Actor) -> Membership:
    """Give the person with this address a role; an unknown address gets a user and a mail. Emits staff.invited then."""
    user = find_user(email)
    if user is not None:
        return add_member(institution, user, role=role, actor=actor)
    membership = add_member(institution, _make_user(email), role=role, actor=actor)
    send_link(membership, actor=actor)
    return membership


@operation
def send_link(membership: Membership, *, actor: Actor) -> None:
    """Mail the link again. Raises BadInput when the person has a password already. Emits staff.invited."""
    if membership.user.has_usable_password():
        raise BadInput(_("This person has a password already."))
    append(
        membership.institution.stream_key,
        INVITED,
        actor=actor,
        data={"user": f"user:{membership.user_id}", "membership": membership.pk},
    )


def _make_user(email: str) -> Any:
    """A user who can do nothing until they have chosen a password."""
    model = get_user_model()
    email_field, name_field = model.get_email_field_name(), model.USERNAME_FIELD
    if model._default_manager.filter(**{f"{email_field}__iexact": email}).exists():
        raise BadInput(
            _("An account with this address is closed or not unique. Ask whoever runs this site."),
            field="email",
        )
    needed = set(model.REQUIRED_FIELDS) - {email_field, name_field}
    if needed:
        raise BadInput(
            _("This site needs more than an address for a new user. Ask whoever runs it."), field="email"
        )
    longest = getattr(model._meta.get_field(name_field), "max_length", None) or 150
    user = model(**{name_field: email[:longest], email_field: email})
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise BadInput(
            _("There is a user with this name already. Ask whoever runs this site."), field="email"
        ) from error
    return user


def _deliver(delivery: Delivery) -> None:
    """Send the mail, unless the person has left or has a password by now."""
    rows = Membership.objects.select_related("user", "institution")
    membership = rows.filter(pk=delivery.event.data["data"]["membership"]).first()
    if membership is None or membership.user.has_usable_password():
        return
    institution, user = membership.institution, membership.user
    with translation.override(institution.language):
        context = {"institution": institution, "user": user, "address": link_of(user)}
        body = render_to_string("wagtail_cohorts/email/staff_invited.txt", context)
        subject = _("You can now work for %s") % institution.name
    address = getattr(user, get_user_model().get_email_field_name())
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()


def link_of(user: Any) -> str:
    """Where a new user chooses a password, by Wagtail's own page; where passwords are kept elsewhere, the log-in."""
    if getattr(django_settings, "WAGTAIL_PASSWORD_RESET_ENABLED", True):
        key, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
        return settings.BASE_URL + reverse("wagtailadmin_password_reset_confirm", args=[key, token])
    return settings.BASE_URL + reverse("wagtailadmin_login")


def connect() -> None:
    register(Consumer("staff_invitation", _deliver), INVITED)
