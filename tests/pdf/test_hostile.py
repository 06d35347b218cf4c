from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from tests.pdf.samples import agreement, field, png_header, signature
from tests.pdf.test_clean import everything_active
from wagtail_cohorts.pdf import (
    FieldError,
    PdfError,
    PdfRefused,
    check_image,
    clean,
    compile,
    fill,
    mark_from_png,
    page_image,
    photo_to_pdf,
    verify,
)

TOKENS = (
    b"<<", b">>", b"[", b"]", b"/", b"(", b")", b" 0 R", b"null", b"-1", b"999999999999", b"stream\n",
    b"endobj", b"/Type/Page", b"/Kids[2 0 R]", b"/Length 0", b"/Filter/LZWDecode", b"%", b"\x00", b"\xff\xfe", b"1e9",
)  # fmt: skip


def mutated(data: bytes, seed: int) -> bytes:
    """The data with one to eight changes: bytes flipped, cut, repeated, moved, or syntax put in."""
    dice, changed = random.Random(seed), bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(9, len(changed))
        end = min(len(changed), at + dice.choice((1, 3, 20, 400)))
        match dice.randrange(5):
            case 0:
                changed[at] = dice.randrange(256)
            case 1:
                del changed[at:end]
            case 2:
                changed[at:at] = changed[at:end] * dice.randint(1, 4)
            case 3:
                changed[at:at] = dice.choice(TOKENS)
            case _:
                changed[at:end] = dice.choice(TOKENS)
    return bytes(changed)


def _refused_or_done(work: Callable[[], object]) -> None:
    start = time.monotonic()
    try:
        work()
    except PdfRefused as error:
        assert error.code and error.message
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("part", range(6))
def test_mutated_files_are_taken_or_refused_and_nothing_else(part: int) -> None:
    sources = (everything_active(), agreement(2))
    fields = [field(), field(key="sign", type="signature")]
    for seed in range(part * 50, part * 50 + 50):
        data = mutated(sources[seed % 2], seed)
        _refused_or_done(lambda data=data: clean(data))
        try:
            template = compile(data, fields)
        except (PdfRefused, FieldError):
            continue
        clean(fill(template, {"name": "Thandi"}, {}))


def test_a_mutated_file_never_breaks_previews_or_verification() -> None:
    for seed in range(60):
        data = mutated(agreement(1), 5_000 + seed)
        _refused_or_done(lambda data=data: page_image(data, 1, 200))
        _refused_or_done(lambda data=data: verify(data))


@pytest.mark.parametrize("take", [mark_from_png, check_image, photo_to_pdf])
def test_mutated_and_monstrous_pictures_are_refused(take: Callable[[bytes], object]) -> None:
    for seed in range(100):
        _refused_or_done(lambda seed=seed: take(mutated(signature(), seed)))
    for size in ((13_000, 13_000), (100_000, 1_000), (2**31 - 1, 2**31 - 1)):
        start = time.monotonic()
        with pytest.raises(PdfError):
            take(png_header(*size))
        assert time.monotonic() - start < 1
