"""Pictures that are broken or mean harm: as a student's photo, as a drawn signature, and where PDFs are meant."""

from __future__ import annotations

import base64
import io
import random
import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from PIL import Image

from tests.pdf.samples import one_page, png_header, signature
from tests.pdf.test_hostile import mutated
from tests.reliability.hostile.sending import DRAWN, places_of, send_file
from tests.reliability.hostile.site import Site
from tests.reliability.hostile.tally import Tally

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
NAMES = (
    "photo.jpg",
    "photo.png",
    "photo.pdf",
    "photo.svg",
    "../../photo.webp",
    "a" * 300 + ".jpg",
    "\u202egpj.exe",
)
LARGE, LIMIT, MOVING = ("PNG", "JPEG"), ("PNG", "JPEG"), ("GIF", "WEBP", "PNG", "TIFF")
SCRIPT = b"<script>alert(document.cookie)</script>"
Make = Callable[[random.Random], bytes]


def run(site: Site, *, count: int, seed: int, start: int = 0) -> dict[str, Any]:
    """``count`` pictures. Case i depends on the seed and on i alone."""
    make_what_is_kept()
    tally = Tally(warm_up=max(count // 10, 1))
    places = [place for place in places_of(site) if place.accept == DRAWN or "image" in place.accept]
    assert len({place.door.name for place in places}) >= 3, "a page that takes pictures was not found"
    for number in range(start, start + count):
        dice = random.Random(f"{seed}:{number}")
        make = dice.choice(MAKERS)
        place = places[number % len(places)]
        data = drawn(dice, make(dice)) if place.accept == DRAWN else make(dice)
        send_file(tally, f"{number}", make.__name__, place, data, name=dice.choice(NAMES))
    return {
        **tally.report(),
        "doors": sorted({place.door.name for place in places}),
        "is_good": tally.is_good,
    }


def make_what_is_kept() -> None:
    """Before memory is measured: making a bomb takes some itself."""
    for kind in FORMATS:
        plain(kind)
    for kinds, make in ((LARGE, _large), (LIMIT, _at_the_limit), (MOVING, _moving)):
        for kind in kinds:
            make(kind)


def drawn(dice: random.Random, data: bytes) -> bytes:
    """The address that a canvas gives, at times not quite."""
    head = dice.choice(
        [b"data:image/png;base64,"] * 8 + [b"data:image/jpeg;base64,", b"data:text/html;base64,", b""]
    )
    return head + base64.b64encode(data) + dice.choice([b""] * 8 + [b"=", b"\xff", b"A"])


@lru_cache
def plain(kind: str, mode: str = "RGB", side: int = 240) -> bytes:
    image = Image.effect_noise((side, side), 60).convert(mode)
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def sound(dice: random.Random) -> bytes:
    return signature(dice.randrange(9)) if dice.random() < 0.5 else plain(dice.choice(FORMATS))


def harmed(dice: random.Random) -> bytes:
    return mutated(sound(dice), dice.randrange(2**32))


def flipped(dice: random.Random) -> bytes:
    """Only the first bytes, where sizes and kinds stand."""
    data = bytearray(sound(dice))
    for _turn in range(dice.randint(1, 6)):
        data[dice.randrange(4, 120)] = dice.randrange(256)
    return bytes(data)


def cut(dice: random.Random) -> bytes:
    data = sound(dice)
    return data[: dice.randrange(len(data))]


def claims(dice: random.Random) -> bytes:
    """A small file that says it is a large picture."""
    return png_header(
        *dice.choice([(13_000, 13_000), (100_000, 999), (2**31 - 1, 2**31 - 1), (0, 5), (1, 9_000_000)])
    )


@lru_cache
def _large(kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("1" if kind != "JPEG" else "L", (13_000, 13_000)).save(target, kind)
    return target.getvalue()


def bomb(dice: random.Random) -> bytes:
    """169 million real pixels in a few kilobytes."""
    return _large(dice.choice(LARGE))


@lru_cache
def _at_the_limit(kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (6_300, 6_300), "white").save(target, kind)
    return target.getvalue()


def as_large_as_allowed(dice: random.Random) -> bytes:
    return _at_the_limit(dice.choice(LIMIT))


def with_much_exif(dice: random.Random) -> bytes:
    """Orientation that lies, and segments full of noise."""
    tag = struct.pack("<HHII", 0x0112, 3, 1, dice.choice((0, 6, 9, 65_535)))
    block = b"Exif\0\0II*\0\x08\0\0\0\x01\0" + tag + dice.randbytes(dice.choice((4, 60_000)))
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    data = plain("JPEG")
    return data[:2] + segment * dice.choice((1, 40)) + data[2:]


@lru_cache
def _moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 60), (place * 9 % 255, 0, 0)) for place in range(300)]
    target = io.BytesIO()
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    return target.getvalue()


def moving(dice: random.Random) -> bytes:
    return _moving(dice.choice(MOVING))


def two_things_at_once(dice: random.Random) -> bytes:
    """A picture that is a page, an archive or a program as well."""
    data = plain(dice.choice(("JPEG", "PNG", "GIF")))
    other = dice.choice(
        (SCRIPT, b"PK\x03\x04" + bytes(80), one_page(), b"<?php echo 1; ?>", b"<svg onload='alert(1)'/>")
    )
    return dice.choice((data + other, data[:2] + b"\xff\xfe" + struct.pack(">H", len(other) + 2) + other + data[2:],
                        other + data, b"GIF89a/*" + bytes(4) + b"*/=1;" + other))  # fmt: skip


def something_else(dice: random.Random) -> bytes:
    return dice.choice((
        b"", b"x", SCRIPT, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"MZ" + bytes(400),
        one_page(),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99999 99999\n", b"8BPS" + bytes(300), b"\0\0\1\0\1\0" + bytes(60),
        b"P6 100000 100000 255\n", b"#define x_width 99999\n#define x_height 99999\n", dice.randbytes(4_000),
        b"RIFF\xff\xff\xff\xffWEBPVP8X" + dice.randbytes(60), b"\0\0\0 ftypheic" + dice.randbytes(400),
    ))  # fmt: skip


def unusual(dice: random.Random) -> bytes:
    """Kinds of pixels that few pictures have."""
    mode = dice.choice(("1", "L", "LA", "P", "RGBA", "I;16"))
    target = io.BytesIO()
    Image.new(mode, (dice.choice((1, 7, 3_000)), dice.choice((1, 500)))).save(target, "PNG")
    return target.getvalue()


MAKERS: tuple[Make, ...] = (
    harmed, harmed, harmed, flipped, flipped, cut, sound, claims, bomb, as_large_as_allowed, with_much_exif, moving,
    two_things_at_once, something_else, unusual,
)  # fmt: skip
