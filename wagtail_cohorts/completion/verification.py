"""Being written."""

from __future__ import annotations

from typing import Any


def verify_everything(institution_id: Any = None) -> Any:
    raise NotImplementedError
