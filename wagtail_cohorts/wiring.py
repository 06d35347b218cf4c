"""Who reacts to what: the one page on which rooms are connected, called when Django is ready."""

from __future__ import annotations


def connect() -> None:
    from wagtail_cohorts.admin import log_mirror
    from wagtail_cohorts.completion import finalizing
    from wagtail_cohorts.enrollments import gate, guardians, importing
    from wagtail_cohorts.enrollments.operations import on_cohort_opened
    from wagtail_cohorts.evidence.consumers import register_listener, register_reaction
    from wagtail_cohorts.exports import packing
    from wagtail_cohorts.institutions import invitations
    from wagtail_cohorts.notifications import consumers as notification_consumers
    from wagtail_cohorts.signing import bulk
    from wagtail_cohorts.watching.events import tell_events

    register_reaction(on_cohort_opened, "cohort.opened")
    register_reaction(
        gate.on_enrollment_event,
        "enrollment.added",
        "enrollment.submitted",
        "enrollment.sent_back",
        "enrollment.verified",
        "enrollment.unverified",
        "enrollment.withdrawn",
        "enrollment.declined",
        "enrollment.readmitted",
        "enrollment.reset",
        "guardian.signed",
        "guardian.decided",
    )
    register_reaction(gate.on_parties_changed, "cohort.changed")
    register_reaction(guardians.on_student_changed, "enrollment.changed")
    register_listener(tell_events)
    log_mirror.register()
    invitations.connect()
    bulk.register()
    importing.register()
    finalizing.register()
    packing.register()
    notification_consumers.register()
