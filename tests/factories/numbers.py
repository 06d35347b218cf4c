"""One count for every name that must be told from the others."""

from __future__ import annotations

import itertools

NUMBERS = itertools.count(1)
