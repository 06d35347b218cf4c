"""What operations raise.

CohortsError            message for a person, and a stable code
├── WrongState          the subject's state does not allow this now
├── NotAllowed          this actor may not do this
├── Incomplete          something is missing; ``problems`` names it
├── Changed             what was shown is no longer what would be signed
├── BadInput            what was sent cannot be used; ``field`` says where
├── Busy                the database gave up for somebody else's sake, several times; the same act may work later
└── Unavailable         the storage or a server does not answer; the same may work in a minute
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class CohortsError(Exception):
    """An operation refused. ``str(error)`` is a sentence for the person who asked."""

    code = "refused"

    def __init__(self, message: Any, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code

    def __str__(self) -> str:
        return str(self.message)


class WrongState(CohortsError):
    code = "wrong_state"


class NotAllowed(CohortsError):
    code = "not_allowed"


class Incomplete(CohortsError):
    code = "incomplete"

    def __init__(self, message: Any, *, problems: Sequence[Any] = (), code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.problems = list(problems)


class Changed(CohortsError):
    code = "changed"


class Unavailable(CohortsError):
    code = "unavailable"


class BadInput(CohortsError):
    code = "bad_input"

    def __init__(self, message: Any, *, field: str = "", code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class Busy(CohortsError):
    code = "busy"
