"""Who acts in a race: browsers in which somebody is logged in or came by a link, and what they press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.portal.journey import Visitor
from tests.reliability.races.world import World
from wagtail_cohorts import clock
from wagtail_cohorts.actors import staff_actor
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import make_link
from wagtail_cohorts.portal import access
from wagtail_cohorts.portal.signer.review import SALT as REVIEW_SALT
from wagtail_cohorts.portal.sponsor.signing import SALT as LIST_SALT
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.institution import institution_roles, specimens_of
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.signing.signable import fingerprints_of, list_fingerprint, signable
from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer

Act = Callable[[], Any]


class People:
    """Two members of staff; students and contacts come by their links."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._staff = [logged_in(user) for user in world.users]

    def staff(self, name: str, data: dict[str, Any] | None = None, *, seat: int = 0, **where: Any) -> Act:
        """A press on a staff page."""
        url = reverse(f"wagtail_cohorts_admin:{name}", kwargs=where)
        return lambda: self._staff[seat].post(url, data or {})

    def sends(self, student: Enrollment) -> Act:
        """The student's press on "Sign and send", with what the review page showed."""
        world, day = self.world, clock.today()
        Mark.objects.create(
            institution=world.institution, owner_key=student.stream_key, method=Mark.TYPED,
            signature_id=world.mark.signature_id, initials_id=world.mark.initials_id,
        )  # fmt: skip
        seen = {"signer": student.stream_key, "day": day.isoformat(), "shown": shown_to(student, day)}
        data = {"seen": signing.dumps(seen, salt=REVIEW_SALT, compress=True), "consent": "yes"}
        visitor = Visitor(student, client=stranger())
        return lambda: visitor.post("review", data)

    def adds_file(self, student: Enrollment, data: bytes) -> Act:
        visitor, document = Visitor(student, client=stranger()), student.cohort.required_documents.get()
        file = SimpleUploadedFile("id.jpg", data, content_type="image/jpeg")
        return lambda: visitor.post("add_files", {"file": file}, document=document.uuid)

    def sponsor_signs(self, cohort: Cohort) -> Act:
        """The contact's press for all students, with the list that the page showed."""
        contact = self.world.contact
        chosen = signable(cohort, contact)
        seen = {"contact": str(contact.uuid), "cohort": str(cohort.uuid), "day": clock.today().isoformat(),
                "list": list_fingerprint(fingerprints_of(chosen))}  # fmt: skip
        data = {"name": contact.name, "position": contact.position, "method": "type", "typed_name": contact.name,
                "consent": "yes", "step": "sign", "student": [str(one.uuid) for one in chosen],
                "seen": signing.dumps(seen, salt=LIST_SALT)}  # fmt: skip
        link = make_link(
            kind="sponsor", subject_key=f"contact:{contact.uuid}", institution_id=cohort.institution_id
        )
        url = reverse("wagtail_cohorts:sponsor_sign", kwargs={"link": link.uuid, "cohort": cohort.uuid})
        client = with_cookie(link)
        return lambda: client.post(url, data)

    def institution_signs(self, cohort: Cohort, *, seat: int) -> Act:
        signer, day = (
            Signer(staff_actor(self.world.users[seat]).key, "Lindiwe Mahlangu"),
            clock.today(),
        )
        shown = {
            f"shown-{one.uuid}": sha256_hex(
                shown_bytes(one, institution_roles(one), day=day, signer=signer)[1]
            )
            for one in specimens_of(cohort)
        }
        data = {**shown, "way": "sign", "day": day.isoformat(), "typed_name": signer.name, "consent": "1",
                "signer_name": signer.name}  # fmt: skip
        return self.staff("sign", data, seat=seat, pk=cohort.pk)


def stranger() -> Client:
    """A browser whose faults are answers, as in real life."""
    return Client(raise_request_exception=False)


def logged_in(user: Any) -> Client:
    client = stranger()
    client.force_login(user)
    return client


def with_cookie(link: PersonalLink) -> Client:
    client = stranger()
    client.cookies[access.cookie_name(link.uuid)] = access._cookie_values(link)[0]
    return client


def shown_to(student: Enrollment, day: date) -> dict[str, str]:
    signer = student_signer(student)
    return {
        str(one.uuid): sha256_hex(shown_bytes(one, [role], day=day, signer=signer)[1])
        for one, role in agreements_to_sign(student)
    }
