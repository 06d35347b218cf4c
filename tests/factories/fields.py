"""Fields of an agreement."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5


def field(
    key: str, role: str, kind: str, *, y: int, page: int = 1, x: int = 100_000, **more: Any
) -> dict[str, Any]:
    place = {"page": page, "x": x, "y": y, "w": 300_000, "h": 30_000}
    label = {"en": key.replace("_", " ").capitalize()}
    return {
        "uuid": str(uuid5(NAMESPACE_URL, key)),
        "key": key,
        "role": role,
        "type": kind,
        **place,
        "label": label,
        **more,
    }


def small_fields() -> list[dict[str, Any]]:
    """Each role has something to fill in and a signature."""
    return [
        field("student_name", "student", "text", y=120_000, source="student.full_name", read_only=True),
        field("ward", "institution", "text", y=160_000),
        field("street", "student", "text", y=200_000, required=True),
        field("institution_signature", "institution", "signature", y=400_000),
        field("student_signature", "student", "signature", y=500_000),
        field("student_date", "student", "date_signed", y=550_000),
        field("student_initials", "student", "initials", y=800_000, page=2),
        field("sponsor_signature", "sponsor", "signature", y=600_000),
        field("sponsor_signer", "sponsor", "text", y=650_000, source="signer.name", read_only=True),
        field("sponsor_initials", "sponsor", "initials", y=850_000, page=2),
    ]
