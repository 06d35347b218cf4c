"""How large a stranger's file may be before the engine refuses it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file; sizes in bytes, lengths of pages in points."""

    max_bytes: int = 25_000_000
    max_pages: int = 300
    max_objects: int = 150_000
    max_depth: int = 64
    max_inflated: int = 30_000_000
    max_inflated_total: int = 400_000_000
    max_output: int = 60_000_000
    max_draws: int = 100_000
    max_nesting: int = 24
    max_operators: int = 1_000_000
    max_page_side: float = 14_400.0
    min_page_side: float = 3.0
    max_image_bytes: int = 25_000_000
    max_image_pixels: int = 40_000_000
    max_mark_bytes: int = 4_000_000
    max_mark_pixels: int = 4_000_000


DEFAULT = Limits()
MADE = Limits(max_bytes=80_000_000)  # for files that came out of the engine: joined, filled, sealed
