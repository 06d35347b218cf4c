"""What is expected of the jobs: the sponsor's signing and the cohort's finalizing, item by item and at the commit."""

from __future__ import annotations

from tests.reliability.life.expect_guardians import GuardianSide
from tests.reliability.life.shapes import SHAPES
from tests.reliability.life.state import COHORT
from tests.reliability.life.things import Batch, Fingerprint, Item, Key, Student

SIGNABLE = ("ready_for_sponsor", "sponsor_review")


class JobSide(GuardianSide):
    def signable(self, contact: int) -> dict[int, dict[Key, list[str]]]:
        """Ready students, by number, with the agreements and the roles for which this contact signs next."""
        own, found = self.roles_of(contact), {}
        for number, student in enumerate(self.students):
            if student.is_ready:
                rows = {
                    k: one.consecutive(own) for k, one in student.agreements.items() if one.state == "open"
                }
                if any(rows.values()):
                    found[number] = {key: roles for key, roles in rows.items() if roles}
        return found

    def running(self, kind: str, contact: int = -1) -> Batch | None:
        own = (one for one in self.batches if (one.kind, one.contact) == (kind, contact))
        return next((one for one in own if one.is_open), None)

    def start_bulk_signing(
        self, contact: int, students: tuple[int, ...], is_on: bool, is_shown: bool, has_answers: bool
    ) -> None:
        self.refuse(not is_on and "switched off")
        self.refuse_but(*SIGNABLE)
        if self.running("sign", contact):
            return
        chosen = {number: rows for number, rows in self.signable(contact).items() if number in students}
        self.refuse(not chosen and "nobody waits")
        self.refuse(not is_shown and "shown otherwise")
        asked = any(
            SHAPES[key[0]].must_answer(role) for rows in chosen.values() for key in rows for role in rows[key]
        )
        self.refuse(asked and not has_answers and "answer missing")
        items = [Item(number, self._freeze(number, rows)) for number, rows in chosen.items()]
        self.batches.append(Batch("sign", items, contact))
        self.tell(COHORT, "signing.started")

    def _freeze(self, number: int, rows: dict[Key, list[str]]) -> dict[Key, tuple[list[str], Fingerprint]]:
        own = self.students[number].agreements
        return {key: (roles, own[key].fingerprint) for key, roles in rows.items()}

    def start_finalizing(self, is_on: bool) -> None:
        self.refuse(not is_on and "switched off")
        if self.running("finalize"):
            return
        self.refuse_but("institution_review")
        items = [Item(number) for number, student in enumerate(self.students) if student.is_active]
        self.batches.append(Batch("finalize", items))
        self.tell(COHORT, "cohort.finalizing_started")

    def prepare(self, place: int) -> None:
        """A worker makes the files of one item."""
        batch = self.batches[place]
        if not batch.is_open or not batch.pending():
            return
        item, batch.state = batch.pending()[0], "running"
        own = self.students[item.student].agreements
        if batch.kind == "finalize":
            is_signed = all(one.state == "signed" for one in own.values())
            item.state, item.head = (
                "prepared" if is_signed else "failed",
                self.heads[f"student {item.student}"],
            )
            self.note("prepare_finalize", not is_signed and "not signed")
            return
        is_same = all(own[key].fingerprint == seen for key, (_roles, seen) in item.frozen.items())
        item.state = "prepared" if is_same else "failed"
        self.note("prepare_sign", not is_same and "changed")

    def commit(self, place: int) -> None:
        """A worker finds no pending item: everything at once, or nothing of it."""
        batch = self.batches[place]
        if batch.is_open and not batch.pending():
            if batch.kind == "sign":
                self._commit_signing(batch)
            else:
                self._commit_finalizing(batch)

    def _commit_signing(self, batch: Batch) -> None:
        if self.state not in SIGNABLE:
            batch.state = "failed"
            self.note("commit_sign", "closed")
            return
        batch.state = "done"
        valid = [item for item in batch.items if item.state == "prepared" and self._sort_out(batch, item)]
        for item in valid:
            self._sign_item(batch, item)
        if valid:
            self.tell(COHORT, "signing.completed")
        self.reconsider()

    def _sort_out(self, batch: Batch, item: Item) -> bool:
        """Whether this item is signed now. Not when it was signed before; a late one fails."""
        student, roles = self.students[item.student], self.roles_of(batch.contact)
        signer = f"contact {batch.contact}"
        rows = [(student.agreements[key], own, seen) for key, (own, seen) in item.frozen.items()]
        if all(agreement.acts.get(role) == signer for agreement, own, _seen in rows for role in own):
            return False
        if student.is_ready and all(one.fingerprint == seen and roles >= {*own} for one, own, seen in rows):
            return True
        item.state = "failed"
        self.note("commit_sign", "late")
        return False

    def _sign_item(self, batch: Batch, item: Item) -> None:
        student = self.students[item.student]
        for key, (roles, _seen) in item.frozen.items():
            for role in roles:
                student.agreements[key].act(role, f"contact {batch.contact}")
                self.tell_of(student, "agreement.signed")

    def _commit_finalizing(self, batch: Batch) -> None:
        active = [number for number, student in enumerate(self.students) if student.is_active]
        heads = {item.student: item.head for item in batch.items}
        reason = ""
        if any(item.state == "failed" for item in batch.items):
            reason = "failed item"
        elif self.state != "institution_review":
            reason = "not ready"
        elif {*active} != heads.keys():
            reason = "joined or left"
        elif any(self.heads[f"student {number}"] != head for number, head in heads.items()):
            reason = "moved"
        if reason:
            batch.state = "failed"
            self.note("commit_finalize", reason)
            return
        batch.state = "done"
        for number in active:
            self._seal(self.students[number])
        self.go("finalize", "completed", "cohort.completed")

    def _seal(self, student: Student) -> None:
        for agreement in student.agreements.values():
            agreement.state = "sealed"
            self.tell_of(student, "agreement.sealed")
        self.tell_of(student, "enrollment.completed")

    def retry_batch(self, place: int) -> None:
        """The failed items again; all of them when none failed but the last step was refused."""
        batch = self.batches[place]
        failed = [item for item in batch.items if item.state == "failed"]
        self.refuse(batch.state == "cancelled" and "cancelled job")
        self.refuse(batch.is_open and "still running")
        self.refuse(batch.state == "done" and not failed and "nothing failed")
        self.refuse(self.running(batch.kind, batch.contact) is not None and "newer job")
        for item in failed or batch.items:
            item.state = "pending"
        batch.state = "pending"

    def cancel_batch(self, place: int) -> None:
        batch = self.batches[place]
        self.refuse(batch.state == "cancelled" and "cancelled job")
        self.refuse(not batch.is_open and batch.state)
        batch.state = "cancelled"

    def deliver(self, limit: int) -> None:
        """Letters change no state."""

    def note(self, operation: str, condition: str | bool) -> None:
        """A job's own no, which nobody is told by an exception."""
        if condition:
            self.said_no.append(f"{operation}: {condition}")
