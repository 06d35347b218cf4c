"""Students, from enrolled to verified."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.factories.files import photo
from tests.factories.institutions import actor_of
from tests.factories.numbers import NUMBERS
from tests.factories.signing import DAY, shown_sha
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.guardians import guardian_of, name_guardian
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import add_student, confirm_details, invite_student
from wagtail_cohorts.enrollments.turns import asks_guardian
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer, submit
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import add_upload, approve_upload


def years_ago(years: int, *, days: int = 0) -> str:
    """A date of birth; ``days`` more make the birthday come later."""
    today = date.today()
    return (date(today.year - years, today.month, min(today.day, 28)) + timedelta(days=days)).isoformat()


def enrollment(of: Cohort, **more: Any) -> Enrollment:
    number = next(NUMBERS)
    facts = {
        "first_name": f"Naledi{number}",
        "last_name": "Mokoena",
        "email": f"student{number}@example.com",
        **more,
    }
    return add_student(of, facts, actor=actor_of(of.institution))


def invited(of: Cohort, **more: Any) -> Enrollment:
    made = enrollment(of, **more)
    return invite_student(made, actor=actor_of(of.institution))


def student_actor(of: Enrollment) -> Actor:
    return Actor("student", of.stream_key, name=of.full_name, ip="127.0.0.1", user_agent="test")


def upload(of: Enrollment, *, seed: int = 1, position: int = 0) -> Upload:
    document = of.cohort.required_documents.all()[position]
    return add_upload(of, document, data=photo(seed), name="id.jpg", actor=student_actor(of))


def filled(of: Enrollment, *, documents: bool = True) -> Enrollment:
    """Details, documents and answers are given; nothing is signed."""
    actor = student_actor(of)
    confirm_details(of, {"first_name": of.first_name, "last_name": of.last_name}, actor=actor)
    if documents:
        for position in range(of.cohort.required_documents.count()):
            upload(of, position=position, seed=of.pk)
    of.refresh_from_db()
    if asks_guardian(of) and guardian_of(of) is None:
        facts = {"name": "Nomsa Mokoena", "relation": "mother", "email": f"guardian{of.pk}@example.com"}
        name_guardian(of, facts, actor=actor)
    for agreement, role in agreements_to_sign(of):
        save_answers(agreement, role, {"street": "14 Umgeni Street"}, actor=actor)
    return of


def shown_to_student(of: Enrollment) -> dict[str, str]:
    signer = student_signer(of)
    return {str(one.uuid): shown_sha(one, [role], signer) for one, role in agreements_to_sign(of)}


def sent(made: Enrollment) -> Enrollment:
    """The last press of a student who has filled in everything."""
    own = make_mark(institution_id=made.institution_id, owner_key=made.stream_key, typed_name=made.full_name)
    return submit(made, mark=own, day=DAY, shown=shown_to_student(made), actor=student_actor(made))


def submitted(of: Cohort, **more: Any) -> Enrollment:
    """A student who signed and sent everything; nothing is verified."""
    return sent(filled(invited(of, **more)))


def verified(of: Cohort, **more: Any) -> Enrollment:
    """A student who is done: everything sent and accepted."""
    made = submitted(of, **more)
    for one in made.uploads.current():
        approve_upload(one, actor=actor_of(of.institution))
    made.refresh_from_db()
    return made
