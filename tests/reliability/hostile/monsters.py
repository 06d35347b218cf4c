"""PDFs made to hurt whoever opens them: bombs, cycles, nesting, absurd numbers, and things that run."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable
from functools import lru_cache

import pypdf

from tests.pdf.samples import deflated, one_page, raw_pdf, stream
from tests.pdf.test_clean import everything_active

Make = Callable[[random.Random], bytes]
PLAIN = b"/MediaBox[0 0 595 842]"


@lru_cache(maxsize=4)
def _packed_zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    whole = b"".join(packer.compress(bytes(1_000_000)) for _turn in range(size // 1_000_000))
    return whole + packer.flush()


def inflating(dice: random.Random) -> bytes:
    content = _packed_zeros(dice.choice((40, 200)) * 1_000_000)
    return _with_content(stream(content, b"/Filter/FlateDecode"))


def inflating_twice(dice: random.Random) -> bytes:
    twice = zlib.compress(_packed_zeros(200_000_000))
    return _with_content(stream(twice, b"/Filter[/FlateDecode/FlateDecode]"))


def inflating_a_little_often(dice: random.Random) -> bytes:
    """Many streams, each within bounds."""
    packed = _packed_zeros(20_000_000)
    number = dice.choice((5, 30))
    kids = b" ".join(b"%d 0 R" % (6 + place) for place in range(number))
    parts = [stream(packed, b"/Filter/FlateDecode") for _place in range(number)]
    return _with_content(*parts, contents=b"[%s]" % kids)


def filters(dice: random.Random) -> bytes:
    names = [
        b"/ASCIIHexDecode",
        b"/ASCII85Decode",
        b"/LZWDecode",
        b"/RunLengthDecode",
        b"/FlateDecode",
        b"/Crypt",
    ]
    chosen = b"".join(dice.choice(names) for _turn in range(dice.choice((2, 6, 40))))
    return _with_content(stream(dice.randbytes(3000), b"/Filter[%s]" % chosen))


def predictors(dice: random.Random) -> bytes:
    numbers = (0, 1, 2, 15, 99, 2**31, -1)
    made = b"/DecodeParms<</Predictor %d/Columns %d/Colors %d/BitsPerComponent %d>>" % tuple(
        dice.choices(numbers, k=4)
    )
    return _with_content(deflated(bytes(5000), made))


def nested(dice: random.Random) -> bytes:
    opening, closing = dice.choice(((b"[", b"]"), (b"<</A ", b">>"), (b"[<</B ", b">>]"), (b"(", b")")))
    depth = dice.choice((100, 5_000, 100_000))
    value = opening * depth + b"1" + closing * depth
    return (
        one_page(catalog=b"/X " + value)
        if dice.random() < 0.5
        else one_page(content=value + b" Do", page=PLAIN)
    )


def nested_forms(dice: random.Random) -> bytes:
    """Each form draws the next one a few times."""
    depth, times = dice.choice(((30, 1), (10, 6), (5, 40))), dice.choice((1, 8))
    forms = []
    for level in range(depth[0]):
        following = 7 + level if level + 1 < depth[0] else 6 + level
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X %d 0 R>>>>" % following
        forms.append(stream(b"/X Do " * (depth[1] * times), entries))
    return one_page(page=PLAIN + b"/Resources<</XObject<</X 6 0 R>>>>", content=b"/X Do", more=forms)


def cyclic(dice: random.Random) -> bytes:
    target = dice.choice((1, 2, 3, 4))
    return dice.choice((
        one_page(tree=b"/Parent 2 0 R/Kids[2 0 R 3 0 R]"),
        _with_content(contents=b"%d 0 R" % target),
        one_page(page=PLAIN + b"/Resources 3 0 R"),
        raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"3 0 R", b"4 0 R", b"2 0 R"]),
        raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
        raw_pdf([b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>"]),
        one_page(catalog=b"/Outlines 1 0 R/AcroForm<</Fields[6 0 R]>>", more=[b"<</Kids[6 0 R]/Parent 6 0 R/T(a)>>"]),
    ))  # fmt: skip


def many_pages(dice: random.Random) -> bytes:
    number = dice.choice((301, 5_000, 100_000))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * number, number)
    return raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, b"<</Type/Page/Parent 2 0 R%s>>" % PLAIN])


def many_objects(dice: random.Random) -> bytes:
    return one_page(more=[b"<</N %d>>" % place for place in range(dice.choice((2_000, 40_000)))])


def sizes(dice: random.Random) -> bytes:
    numbers = [
        b"0",
        b"-1",
        b"1e9",
        b"99999999999",
        b"0.0001",
        b"nan",
        b"null",
        b"14400",
        b"1e-300",
        b"595",
        b"(x)",
    ]
    box = b" ".join(dice.choices(numbers, k=dice.choice((0, 3, 4, 4, 4, 5))))
    more = b"/Rotate %s/UserUnit %s" % tuple(dice.choices([*numbers, b"90", b"45"], k=2))
    return one_page(page=b"/MediaBox[%s]/CropBox[0 0 %s 10]%s" % (box, dice.choice(numbers), more))


def pictures(dice: random.Random) -> bytes:
    side = dice.choice((1, 6_000, 30_000, 2**31 - 1, -5, 0))
    kind = dice.choice((b"/DCTDecode", b"/JPXDecode", b"/JBIG2Decode", b"/CCITTFaxDecode", b"/FlateDecode"))
    bits = dice.choice((1, 8, 16, 7, 0))
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/Filter%s/ColorSpace%s" % (
        side, side, bits, kind, dice.choice((b"/DeviceRGB", b"/DeviceGray", b"[/Indexed/DeviceRGB 255(x)]", b"/X")),
    )  # fmt: skip
    data = dice.choice((dice.randbytes(400), zlib.compress(bytes(100_000)), b""))
    page = PLAIN + b"/Resources<</XObject<</X 6 0 R>>>>"
    return one_page(page=page, content=b"500 0 0 500 0 0 cm /X Do", more=[stream(data, entries)])


def tiles(dice: random.Random) -> bytes:
    """A pattern whose steps are tiny."""
    step = dice.choice((b"0.001", b"0.1", b"1", b"0", b"-1"))
    entries = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep %s/YStep %s/Resources<<>>"
    )
    page = PLAIN + b"/Resources<</Pattern<</P 6 0 R>>>>"
    content = b"/Pattern cs /P scn 0 0 595 842 re f " * dice.choice((1, 200))
    return one_page(page=page, content=content, more=[stream(b"0 0 1 1 re f", entries % (step, step))])


def shadings(dice: random.Random) -> bytes:
    function = b"<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N %s>>" % dice.choice((b"1", b"1e9", b"-1", b"0"))
    shading = b"<</ShadingType %d/ColorSpace/DeviceGray/Coords[0 0 1 1 1 1]/Function %s/Extend[true true]>>"
    page = PLAIN + b"/Resources<</Shading<</S %s>>>>" % (shading % (dice.randint(0, 8), function))
    return one_page(page=page, content=b"/S sh " * dice.choice((1, 300)))


def operators(dice: random.Random) -> bytes:
    piece = dice.choice((
        b"q ", b"Q ", b"W n ", b"0 0 1 1 re f ", b"1 0 0 1 1e9 1e9 cm ", b"BT /F1 1e9 Tf (x) Tj ET ", b"BI ID EI ",
        b"0 0 m 9999999 9999999 l S ", b"[1e-9 1e-9] 0 d 0 0 m 595 842 l S ",
    ))  # fmt: skip
    return _with_content(deflated(piece * dice.choice((100, 20_000))))


def running(dice: random.Random) -> bytes:
    """Everything that a reader might carry out, whole or with a piece exchanged."""
    data = everything_active()
    names = (
        b"/JavaScript",
        b"/OpenAction",
        b"/Launch",
        b"/AA",
        b"/Annots",
        b"/AcroForm",
        b"/XFA",
        b"/EmbeddedFile",
    )
    return data.replace(dice.choice(names), dice.choice((b"/J#53", b"/#4fpenAction", b"/S", b"/AA", b"/A")))


@lru_cache(maxsize=8)
def _locked(algorithm: str, password: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(one_page()))
    writer.encrypt(password, "owner", algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def encrypted(dice: random.Random) -> bytes:
    data = bytearray(
        _locked(dice.choice(("RC4-40", "RC4-128", "AES-128", "AES-256")), dice.choice(("", "secret")))
    )
    if dice.random() < 0.5:
        data[dice.randrange(9, len(data))] = dice.randrange(256)
    return bytes(data)


def tables(dice: random.Random) -> bytes:
    """Cross-reference tables and streams that lie."""
    size = dice.choice((0, 1, 2**31, 10**12, -1))
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    entries = b"/Type/XRef/W[%s]/Index[0 %d]/Size %d/Root 1 0 R/Prev %d"
    widths = dice.choice((b"1 2 1", b"0 0 0", b"1 9 9", b"1 -2 1", b"1000000 1 1"))
    table = stream(dice.randbytes(60), entries % (widths, size, size, dice.choice((0, len(head), 10**9))))
    whole = head + b"9 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(head)
    classic = b"xref\n0 %d\n0000000000 65535 f \ntrailer<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        size, size, len(head), len(head),
    )  # fmt: skip
    return dice.choice((whole, head + classic, whole[:-20], head))


def disguised(dice: random.Random) -> bytes:
    """Another kind of file that begins or ends like a PDF."""
    other = dice.choice((b"<html><script>alert(1)</script>", b"MZ" + bytes(200), b"PK\x03\x04" + bytes(60), b"GIF89a",
                         b"\xff\xd8\xff\xe0" + bytes(90), b"<?php system($_GET[0]); ?>", b"#!/bin/sh\n"))  # fmt: skip
    return dice.choice(
        (other + one_page(), b"%PDF-1.7\n" + other, one_page() + other, b"%PDF-" + other + one_page())
    )


def _with_content(*parts: bytes, contents: bytes = b"6 0 R") -> bytes:
    """One page whose contents are objects of our own, numbered from 6."""
    return raw_pdf([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R%s/Contents %s/Resources<</Font<</F1 5 0 R>>>>>>" % (PLAIN, contents),
        stream(b"0 g"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *parts,
    ])  # fmt: skip


MONSTERS: tuple[Make, ...] = (
    inflating, inflating_twice, inflating_a_little_often, filters, predictors, nested, nested_forms, cyclic, many_pages,
    many_objects, sizes, pictures, tiles, shadings, operators, running, encrypted, tables, disguised,
)  # fmt: skip
