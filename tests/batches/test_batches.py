from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as make
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import cancel_batch, open_batch, retry_batch, run_due_items
from wagtail_cohorts.batches.queries import failed_items, progress_of
from wagtail_cohorts.exceptions import BadInput, WrongState

pytestmark = pytest.mark.django_db


class Work:
    """A kind of batch whose items do what ``act`` says."""

    def __init__(self) -> None:
        self.act: Callable[[BatchItem], Any] = lambda item: None
        self.done: list[str] = []
        self.commits = 0
        self.is_open = True
        self.commit_error: Exception | None = None

    def prepare(self, item: BatchItem) -> dict[str, Any]:
        self.act(item)
        self.done.append(item.key)
        return {"made": item.key}

    def commit(self, batch: Batch) -> dict[str, Any]:
        if self.commit_error:
            raise self.commit_error
        self.commits += 1
        return {"count": batch.items.filter(state=BatchItem.PREPARED).count()}


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    kinds.register(kinds.Kind("test", made.prepare, made.commit, lambda batch: made.is_open))
    yield made
    kinds._kinds.pop("test")


def new_batch(count: int = 3) -> Batch:
    keys = [str(number) for number in range(count)]
    return open_batch(
        "test", institution_id=make.institution().pk, subject_key="x", items=keys, actor=SYSTEM_ACTOR
    )


def refuse(item: BatchItem) -> None:
    if item.key == "1":
        raise BadInput("The name does not fit.")


def test_all_items_are_done_and_the_batch_commits_once(work: Work) -> None:
    batch = new_batch()
    run_due_items()
    run_due_items()
    batch.refresh_from_db()
    assert (batch.state, batch.result, work.commits, work.done) == (
        Batch.DONE,
        {"count": 3},
        1,
        ["0", "1", "2"],
    )


def test_a_second_opening_finds_the_first_batch(work: Work) -> None:
    first = new_batch()
    again = open_batch(
        "test", institution_id=first.institution_id, subject_key="x", items=["9"], actor=SYSTEM_ACTOR
    )
    assert again.pk == first.pk and BatchItem.objects.count() == 3


def test_after_it_closed_a_new_one_can_be_opened(work: Work) -> None:
    first = new_batch()
    run_due_items()
    second = open_batch(
        "test", institution_id=first.institution_id, subject_key="x", items=["9"], actor=SYSTEM_ACTOR
    )
    assert second.pk != first.pk


def test_a_refused_item_fails_with_its_sentence_and_the_rest_commits(work: Work) -> None:
    work.act = refuse
    batch = new_batch()
    run_due_items()
    batch.refresh_from_db()
    assert batch.state == Batch.DONE and batch.result == {"count": 2}
    assert [(item.key, item.error) for item in failed_items(batch)] == [("1", "The name does not fit.")]


def test_failed_items_are_retried_alone(work: Work) -> None:
    work.act = refuse
    batch = new_batch()
    run_due_items()
    work.act, work.done = lambda item: None, []
    retry_batch(batch, actor=SYSTEM_ACTOR)
    run_due_items()
    assert work.done == ["1"] and progress_of(batch).prepared == 3


def test_an_unexpected_error_is_tried_again_and_then_given_up(work: Work) -> None:
    def fall(item: BatchItem) -> None:
        if item.key == "1":
            raise OSError("disk")

    work.act = fall
    batch = new_batch()
    run_due_items()
    item = batch.items.get(key="1")
    assert item.state == BatchItem.FAILED and item.tries == 5 and "OSError" in item.error


def test_an_item_leased_by_a_living_worker_is_left_alone(work: Work) -> None:
    batch = new_batch()
    batch.items.filter(key="0").update(lease_until=timezone.now() + timedelta(minutes=1), lease_token="other")
    run_due_items()
    batch.refresh_from_db()
    assert work.done == ["1", "2"] and batch.state == Batch.RUNNING


def test_an_item_of_a_dead_worker_is_taken_over(work: Work) -> None:
    batch = new_batch()
    batch.items.filter(key="0").update(lease_until=timezone.now() - timedelta(seconds=1), lease_token="dead")
    run_due_items()
    batch.refresh_from_db()
    assert work.done == ["0", "1", "2"] and batch.state == Batch.DONE


def test_a_worker_thought_dead_changes_nothing_when_it_wakes(work: Work) -> None:
    def lose_the_lease(item: BatchItem) -> None:
        if item.key == "0":
            BatchItem.objects.filter(pk=item.pk).update(lease_token="taken over")

    work.act = lose_the_lease
    batch = new_batch(1)
    run_due_items()
    assert batch.items.get().state == BatchItem.PENDING and work.commits == 0


def test_a_failing_commit_changes_nothing_and_is_tried_again(work: Work) -> None:
    work.commit_error = OSError("disk")
    batch = new_batch()
    run_due_items()
    batch.refresh_from_db()
    assert batch.state == Batch.RUNNING and work.commits == 0
    work.commit_error = None
    run_due_items()
    batch.refresh_from_db()
    assert batch.state == Batch.DONE and work.commits == 1


def test_a_refused_commit_fails_the_batch_with_its_sentence(work: Work) -> None:
    work.commit_error = WrongState("The cohort was cancelled.")
    batch = new_batch()
    run_due_items()
    batch.refresh_from_db()
    assert (batch.state, batch.error, batch.active_key) == (Batch.FAILED, "The cohort was cancelled.", None)


def test_a_closed_kind_waits_with_its_rows_kept(work: Work) -> None:
    work.is_open = False
    batch = new_batch()
    assert run_due_items() == 0
    work.is_open = True
    run_due_items()
    batch.refresh_from_db()
    assert batch.state == Batch.DONE


def test_a_cancelled_batch_does_nothing_more(work: Work) -> None:
    batch = new_batch()
    cancel_batch(batch, actor=SYSTEM_ACTOR)
    run_due_items()
    assert work.done == [] and work.commits == 0
    with pytest.raises(WrongState):
        cancel_batch(batch, actor=SYSTEM_ACTOR)


def test_a_running_batch_cannot_be_retried(work: Work) -> None:
    batch = new_batch()
    with pytest.raises(WrongState):
        retry_batch(batch, actor=SYSTEM_ACTOR)


def test_progress_counts_rows(work: Work) -> None:
    work.act = refuse
    batch = new_batch(4)
    assert progress_of(batch).percent == 0
    run_due_items()
    progress = progress_of(batch)
    assert (progress.total, progress.prepared, progress.failed, progress.percent) == (4, 3, 1, 100)


def test_an_empty_batch_commits(work: Work) -> None:
    batch = new_batch(0)
    run_due_items()
    batch.refresh_from_db()
    assert batch.state == Batch.DONE


def test_after_a_refused_last_step_everything_is_made_anew(work: Work) -> None:
    batch = new_batch()
    work.commit_error = BadInput("Something changed meanwhile.")
    run_due_items(batch_id=batch.pk)
    work.commit_error = None
    retry_batch(batch, actor=SYSTEM_ACTOR)
    run_due_items(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == Batch.DONE
    assert sorted(work.done) == ["0", "0", "1", "1", "2", "2"]


def test_a_stopped_batch_is_not_tried_again(work: Work) -> None:
    batch = cancel_batch(new_batch(), actor=SYSTEM_ACTOR)
    with pytest.raises(WrongState, match="stopped"):
        retry_batch(batch, actor=SYSTEM_ACTOR)
