"""Wagtail's and Django's warnings of what they will remove, whatever they are called in the installed versions."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator

MODULES = ("wagtail.utils.deprecation", "django.utils.deprecation")


def removals() -> Iterator[tuple[str, type[Warning]]]:
    """Full name and class of each."""
    for module in MODULES:
        for name, found in vars(importlib.import_module(module)).items():
            if name.startswith("RemovedIn") and isinstance(found, type):
                yield f"{module}.{name}", found


def refuse() -> None:
    """From here on they are errors, also while apps and hooks are imported."""
    for _name, found in removals():
        warnings.simplefilter("error", found)
