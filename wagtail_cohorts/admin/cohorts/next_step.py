"""What is next for a cohort and what blocks it: one headline, and one filled button."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts.admin.addresses import address, edit_cohort_url
from wagtail_cohorts.admin.cohorts.track import Past, short
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import opening_problems
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import ACTIVE_STATES, AgreementState
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.packing import COHORT_ZIP, latest_export

S = CohortState


@dataclass(frozen=True)
class Deed:
    """A button: a link, or a form that posts to ``url`` with ``data``."""

    label: str
    url: str
    icon: str = ""
    posts: bool = False
    data: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Next:
    headline: str
    lines: list[str]
    main: Deed | None = None
    others: list[Deed] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
    """What the headline rests on."""

    cohort: Cohort
    counts: dict[str, int]
    past: Past
    batches: list[Batch]
    packed: ExportFile | None


def facts_of(cohort: Cohort, counts: dict[str, int], past: Past) -> Facts:
    about = Q(subject_key__startswith=cohort.stream_key) | Q(subject_key__startswith=str(cohort.uuid))
    batches = list(Batch.objects.filter(about, state__in=Batch.OPEN))
    return Facts(cohort, counts, past, batches, latest_export(cohort.stream_key, COHORT_ZIP))


def next_of(facts: Facts) -> Next:
    return STEPS[CohortState(facts.cohort.state)](facts)


def _page(facts: Facts, name: str, label: str, icon: str = "", **more: Any) -> Deed:
    return Deed(label, address(name, pk=facts.cohort.pk), icon, **more)


def _add(facts: Facts) -> Deed:
    return _page(facts, "add_students", _("Add students"), "plus")


def _draft(facts: Facts) -> Next:
    problems = opening_problems(facts.cohort)
    if problems:
        edit = Deed(_("Edit the cohort"), edit_cohort_url(facts.cohort.pk), "edit")
        headline = ngettext(
            "%d thing to do before this cohort can open",
            "%d things to do before this cohort can open",
            len(problems),
        )
        return Next(headline % len(problems), problems, edit, [_add(facts)])
    fixed = _("Opening fixes the agreements and the required documents. Students get no mail yet.")
    return Next(
        _("Everything is there: open the cohort"),
        [fixed],
        _page(facts, "open", _("Open the cohort"), posts=True),
        [_add(facts)],
    )


def _institution_signing(facts: Facts) -> Next:
    count = facts.counts["active"]
    lines = [_("One signature covers the copies of all students, also of those who join later.")]
    if count:
        lines.append(ngettext("%d student waits for it.", "%d students wait for it.", count) % count)
    return Next(
        _("The institution signs first"),
        lines,
        _page(facts, "sign", _("Sign as the institution"), "edit"),
        [_add(facts)],
    )


def _go_on(facts: Facts) -> Deed:
    return _page(facts, "go_on", _("Go on"), "arrow-right", posts=True)


def _enrolling(facts: Facts) -> Next:
    counts = facts.counts
    left = counts["active"] - counts["done"]
    if not counts["active"]:
        return Next(
            _("No students yet"), [_("Add them one by one, paste a list or send a file.")], _add(facts)
        )
    if not left:
        return Next(_("Every student is ready"), [], _go_on(facts), [_add(facts)])
    headline = ngettext(
        "%d student still to finish before the sponsor can sign",
        "%d students still to finish before the sponsor can sign",
        left,
    )
    deeds = _enrolling_deeds(facts)
    return Next(headline % left, _enrolling_lines(counts), deeds[0] if deeds else _add(facts), deeds[1:3])


def _enrolling_lines(counts: dict[str, int]) -> list[str]:
    def line(count: int, one: str, many: str) -> list[str]:
        return [ngettext(one, many, count) % count] if count else []

    return [
        *line(counts["to_verify"], "%d has finished and waits for you", "%d have finished and wait for you"),
        *line(counts["guardian"], "%d waits for the guardian", "%d wait for their guardians"),
        *line(counts["sent_back"], "%d has something to correct", "%d have something to correct"),
        *line(counts["in_progress"], "%d is busy", "%d are busy"),
        *line(counts["not_started"], "%d has not started", "%d have not started"),
        *line(counts["uninvited"], "%d has not been invited yet", "%d have not been invited yet"),
    ]


def _enrolling_deeds(facts: Facts) -> list[Deed]:
    counts, deeds = facts.counts, []
    if counts["uninvited"]:
        label = ngettext("Invite %d student", "Invite %d students", counts["uninvited"]) % counts["uninvited"]
        deeds.append(_page(facts, "invite", label, "mail", posts=True, data={"who": "uninvited"}))
    if counts["to_verify"]:
        label = ngettext("Verify %d student", "Verify %d students", counts["to_verify"]) % counts["to_verify"]
        deeds.insert(0, Deed(label, f"{address('verification')}?cohort={facts.cohort.pk}", "view"))
    unfinished = counts["sent_back"] + counts["in_progress"] + counts["not_started"] - counts["uninvited"]
    if unfinished > 0:
        label = ngettext("Send the link again to %d", "Send the link again to %d", unfinished) % unfinished
        deeds.append(_page(facts, "remind", label, "mail"))
    return deeds


def _invitations(facts: Facts) -> list[str]:
    lines = []
    for one in facts.cohort.sponsor_invitations.select_related("contact"):
        name, day = one.contact.name, short(one.invited_at)
        if one.opened_at:
            sentence = _("%(name)s was invited on %(day)s and opened the link on %(opened)s")
        else:
            sentence = _("%(name)s was invited on %(day)s and has not opened the link")
        lines.append(sentence % {"name": name, "day": day, "opened": short(one.opened_at)})
        if sent := one.reminders.count():
            lines.append(ngettext("%d reminder has gone out", "%d reminders have gone out", sent) % sent)
    return lines


def _with_sponsor(facts: Facts) -> Next:
    cohort = facts.cohort
    agreements = Agreement.objects.filter(cohort=cohort, enrollment__state__in=ACTIVE_STATES)
    total, signed = agreements.count(), agreements.filter(state=AgreementState.SIGNED).count()
    lines = _invitations(facts)
    if signed or cohort.state == S.SPONSOR_REVIEW:
        lines.append(_("%(signed)d of %(total)d agreements are signed") % {"signed": signed, "total": total})
    running = _running(facts, "sign")
    if running is not None:
        return Next(_("%s is signing now") % cohort.sponsor, lines, running)
    if total and signed == total:
        return Next(_("Everybody has signed"), lines, _go_on(facts))
    again = _page(facts, "resend_sponsor", _("Send the invitation again"), "mail")
    copy = _page(facts, "sponsor_links", _("Copy the sponsor's link"), "link")
    seen = _page(facts, "sponsor", _("What was looked at"), "view")
    return Next(_("Waiting for %s to sign") % cohort.sponsor, lines, again, [seen, copy])


def _running(facts: Facts, *kinds: str) -> Deed | None:
    for batch in facts.batches:
        if batch.kind in kinds:
            return Deed(_("See the progress"), address("batch", uuid=batch.uuid), "tasks")
    return None


def _institution_review(facts: Facts) -> Next:
    count = facts.counts["active"]
    running = _running(facts, "finalize")
    if running is not None:
        return Next(_("The papers are being sealed"), [], running)
    label = ngettext("Finalize %d student", "Finalize %d students", count) % count
    lines = [
        _("Everybody has signed. Finalizing seals every agreement and makes the certificates and packages.")
    ]
    return Next(_("Look once more, then finalize"), lines, _page(facts, "finalize", label, "lock"))


def _completed(facts: Facts) -> Next:
    count = facts.counts["active"]
    lines = [
        ngettext("The papers of %d student are sealed.", "The papers of %d students are sealed.", count)
        % count
    ]
    excel = Deed(_("Excel"), address("export", pk=facts.cohort.pk), "table")
    running = _running(facts, "pack")
    if running is not None:
        return Next(_("The ZIP is being made"), lines, running, [excel])
    build = _page(facts, "zip", _("Make the ZIP"), "download", posts=True)
    if facts.packed is not None:
        download = Deed(
            _("Download all papers (ZIP)"), address("export_file", pk=facts.packed.pk), "download"
        )
        return Next(_("This cohort is completed"), lines, download, [excel])
    return Next(_("This cohort is completed"), lines, build, [excel])


def _cancelled(facts: Facts) -> Next:
    lines = [_("Reason: %s") % facts.past.last_reason] if facts.past.last_reason else []
    return Next(_("This cohort was cancelled on %s") % short(facts.cohort.state_since), lines)


STEPS = {
    S.DRAFT: _draft,
    S.INSTITUTION_SIGNING: _institution_signing,
    S.ENROLLING: _enrolling,
    S.READY_FOR_SPONSOR: _with_sponsor,
    S.SPONSOR_REVIEW: _with_sponsor,
    S.INSTITUTION_REVIEW: _institution_review,
    S.COMPLETED: _completed,
    S.CANCELLED: _cancelled,
}
