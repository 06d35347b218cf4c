"""Opening batches, doing what is due in them, retrying and cancelling. One transport-free function does the work."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches import lines
from wagtail_cohorts.batches.kinds import kind_named, names
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.conf import settings
from wagtail_cohorts.exceptions import Busy, CohortsError, Unavailable, WrongState
from wagtail_cohorts.jobs import ring
from wagtail_cohorts.transactions import again, operation
from wagtail_cohorts.watching.context import scope


@again
def open_batch(
    kind: str,
    *,
    institution_id: int,
    subject_key: str,
    items: Sequence[str] | Mapping[str, dict[str, Any]],
    actor: Actor,
    params: Mapping[str, Any] | None = None,
) -> Batch:
    """Make a batch with one item a key, or return the open one of the same kind and subject."""
    active_key = f"{kind}:{subject_key}"
    existing = Batch.objects.filter(active_key=active_key).first()
    if existing:
        return existing
    try:
        with transaction.atomic():
            return _create(kind, institution_id, subject_key, active_key, items, actor, params)
    except IntegrityError:  # another click was first
        existing = Batch.objects.filter(active_key=active_key).first()
        if existing is None:
            raise
        return existing


def _create(
    kind: str, institution_id: int, subject_key: str, active_key: str, items: Any, actor: Actor, params: Any
) -> Batch:
    batch = Batch.objects.create(
        kind=kind,
        institution_id=institution_id,
        subject_key=subject_key,
        active_key=active_key,
        actor_kind=actor.kind,
        actor_key=actor.key,
        params={**(params or {}), **lines.asked_by()},
        total=len(items),
    )
    own = items if isinstance(items, Mapping) else dict.fromkeys(items)
    BatchItem.objects.bulk_create(
        [
            BatchItem(batch=batch, key=key, position=place, params=own[key] or {})
            for place, key in enumerate(own)
        ]
    )
    ring("run_batches", batch.pk)
    lines.tell_asked(batch, "opened", actor=actor)
    return batch


def run_due_items(*, batch_id: int | None = None, limit: int = 50) -> int:
    """Claim and do due items, then commit batches that have none left. Return how much was done.

    Called by Celery's tasks, by ``cohorts_worker`` and by the sweep; safe to call from many processes at once.
    """
    done = 0
    while done < limit and (item := _claim_item(batch_id)) is not None:
        with scope(item=item.key, **lines.about(item.batch)):
            _do_item(item)
        done += 1
    return done + commit_due_batches(batch_id=batch_id)


def _due_batches(batch_id: int | None) -> QuerySet[Batch]:
    batches = Batch.objects.filter(state__in=Batch.OPEN)
    return batches.filter(pk=batch_id) if batch_id else batches


def _open_batch_ids(batch_id: int | None) -> list[int]:
    known = _due_batches(batch_id).filter(kind__in=names())  # newer code may have opened kinds unknown here
    return [batch.pk for batch in known if kind_named(batch.kind).is_open(batch)]


@again
def _claim_item(batch_id: int | None) -> BatchItem | None:
    now, token = timezone.now(), secrets.token_hex(16)
    batch_ids = _open_batch_ids(batch_id)
    if not batch_ids:
        return None
    with transaction.atomic():
        items = _due_items(batch_ids, now=now).order_by("batch_id", "position")
        item = items.select_for_update(skip_locked=_can_skip()).first()
        if item is None:
            return None
        item.lease_token, item.tries = token, item.tries + 1
        item.lease_until = now + timedelta(seconds=_lease_of(item))
        item.save(update_fields=["lease_until", "lease_token", "tries"])
        Batch.objects.filter(pk=item.batch_id, state=Batch.PENDING).update(
            state=Batch.RUNNING, started_at=now
        )
    return item


def _due_items(batch_ids: Sequence[int], *, now: datetime) -> QuerySet[BatchItem]:
    """Pending items that nobody holds."""
    items = BatchItem.objects.filter(batch_id__in=batch_ids, state=BatchItem.PENDING)
    return items.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))


def _can_skip() -> bool:
    return connection.features.has_select_for_update_skip_locked


def _lease_of(item: BatchItem) -> int:
    """Longer from the third try on: an item that takes longer than its lease would be taken over for ever."""
    lease = kind_named(item.batch.kind).lease_seconds or settings.LEASE_SECONDS
    return lease * max(1, item.tries - 1)


def idle_batch_ids() -> list[int]:
    """Open batches with something due on which nobody works now: whose worker died, or that nobody was told of."""
    open_ids, now = _open_batch_ids(None), timezone.now()
    pending = BatchItem.objects.filter(batch_id__in=open_ids, state=BatchItem.PENDING)
    held = set(pending.filter(lease_until__gte=now).values_list("batch_id", flat=True))
    return [pk for pk in open_ids if pk not in held]


def _do_item(item: BatchItem) -> None:
    began = time.perf_counter()
    if item.tries > settings.MAX_TRIES:
        _finish_item(
            item, state=BatchItem.FAILED, error=_("Work on this one stopped without a word each time.")
        )
        lines.tell_item(item, "given_up", began=began)
        return
    try:
        result = kind_named(item.batch.kind).prepare(item)
    except Busy:  # it stays due, and this was no try
        BatchItem.objects.filter(pk=item.pk).update(tries=F("tries") - 1)
        _finish_item(item, state=BatchItem.PENDING)
    except Unavailable as error:
        lines.tell_item(item, "broke", began=began, error=error)
        _try_again(item, error, sentence=str(error))
    except CohortsError as error:
        _finish_item(item, state=BatchItem.FAILED, error=str(error))
        lines.tell_item(item, "refused", began=began, error=error)
    except Exception as error:
        lines.tell_item(item, "broke", began=began, error=error)
        _try_again(item, error, sentence=_("This one could not be made. (%s)") % type(error).__name__)
    else:
        _finish_item(item, state=BatchItem.PREPARED, result=result)
        lines.tell_item(item, "prepared", began=began)


def _try_again(item: BatchItem, error: Exception, *, sentence: str) -> None:
    if item.tries >= settings.MAX_TRIES:
        _finish_item(item, state=BatchItem.FAILED, error=sentence)
    else:
        _finish_item(item, state=BatchItem.PENDING, error=type(error).__name__)


@again
def _finish_item(
    item: BatchItem, *, state: str, error: str = "", result: dict[str, Any] | None = None
) -> None:
    """Only the holder of the lease finishes an item: a worker that was thought dead changes nothing."""
    BatchItem.objects.filter(pk=item.pk, lease_token=item.lease_token, state=BatchItem.PENDING).update(
        state=state,
        error=error[:500],
        result=result or {},
        lease_until=None,
        finished_at=None if state == BatchItem.PENDING else timezone.now(),
    )


def commit_due_batches(*, batch_id: int | None = None) -> int:
    """Commit each open batch that has no pending item."""
    committed = 0
    open_ids = _open_batch_ids(batch_id)
    for batch in _due_batches(batch_id).filter(pk__in=open_ids).exclude(items__state=BatchItem.PENDING):
        committed += _commit(batch.pk)
    return committed


def _commit(batch_id: int) -> int:
    try:
        batch = _do_commit(batch_id)
    except Busy:  # it stays due
        return 0
    except Unavailable as error:
        _count_failed_commit(batch_id, error)
        return 0
    except CohortsError as error:
        _fail(batch_id, str(error))
        lines.tell_last_step(Batch.objects.get(pk=batch_id), "refused", error=error)
    except Exception as error:
        _count_failed_commit(batch_id, error)
        return 0
    else:
        if batch is None:
            return 0
        lines.tell_last_step(batch, "done")
    return 1


@operation
def _do_commit(batch_id: int) -> Batch | None:
    """One transaction takes the batch's row, does the kind's commit and closes the batch; or nothing of it happens."""
    batches = Batch.objects.select_for_update(skip_locked=_can_skip())
    batch = batches.filter(pk=batch_id, state__in=Batch.OPEN).first()
    if batch is None or batch.items.filter(state=BatchItem.PENDING).exists():
        return None
    batch.result = kind_named(batch.kind).commit(batch)
    batch.state, batch.active_key, batch.finished_at = Batch.DONE, None, timezone.now()
    batch.save(update_fields=["result", "state", "active_key", "finished_at"])
    return batch


def _fail(batch_id: int, message: str) -> None:
    Batch.objects.filter(pk=batch_id, state__in=Batch.OPEN).update(
        state=Batch.FAILED, active_key=None, error=message[:500], finished_at=timezone.now()
    )


def _count_failed_commit(batch_id: int, error: Exception) -> None:
    batch = Batch.objects.get(pk=batch_id)
    lines.tell_last_step(batch, "broke", error=error)
    tries = int(batch.params.get("commit_tries", 0)) + 1
    batch.params["commit_tries"] = tries
    batch.save(update_fields=["params"])
    if tries >= settings.MAX_TRIES:
        _fail(batch_id, _("The last step did not work (%s). Nothing was changed.") % type(error).__name__)


@operation
def retry_batch(batch: Batch, *, actor: Actor) -> Batch:
    """Make the failed items of a closed batch pending again, and open the batch; all of them when none failed but the
    last step was refused: what they were made from has changed. Raises WrongState."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == Batch.CANCELLED:
        raise WrongState(_("This job was stopped. Begin it anew."))
    if batch.state not in (Batch.FAILED, Batch.DONE):
        raise WrongState(_("This job is still running."))
    failed = batch.items.filter(state=BatchItem.FAILED)
    if batch.state == Batch.DONE and not failed.exists():
        raise WrongState(_("Nothing in this job failed."))
    active_key = f"{batch.kind}:{batch.subject_key}"
    if Batch.objects.filter(active_key=active_key).exists():
        raise WrongState(_("A newer job of this kind is running."))
    again = failed if failed.exists() else batch.items.all()
    again.update(state=BatchItem.PENDING, tries=0, error="", lease_until=None, finished_at=None)
    batch.params.pop("commit_tries", None)
    batch.params |= lines.asked_by()
    batch.state, batch.active_key, batch.finished_at, batch.error = Batch.PENDING, active_key, None, ""
    try:
        with transaction.atomic():
            batch.save()
    except IntegrityError:
        raise WrongState(_("A newer job of this kind is running.")) from None
    ring("run_batches", batch.pk)
    lines.tell_asked(batch, "retried", actor=actor)
    return batch


@operation
def cancel_batch(batch: Batch, *, actor: Actor) -> Batch:
    """Close an open batch before its commit. Raises WrongState when it is too late."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state not in (Batch.PENDING, Batch.RUNNING):
        raise WrongState(_("This job has already finished."))
    batch.state, batch.active_key, batch.finished_at = Batch.CANCELLED, None, timezone.now()
    batch.save(update_fields=["state", "active_key", "finished_at"])
    lines.tell_asked(batch, "cancelled", actor=actor)
    return batch
