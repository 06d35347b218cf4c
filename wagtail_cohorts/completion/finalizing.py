"""Being written."""

from __future__ import annotations


def register() -> None:
    """Filled in shortly."""
