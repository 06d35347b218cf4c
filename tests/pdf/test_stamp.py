from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.pdf.samples import agreement, field_dict, ink, one_page, signature
from wagtail_cohorts.pdf import (
    FieldError,
    Marks,
    Template,
    clean,
    compile,
    engine_version,
    fill,
    page_image,
    parse_fields,
)

OPTIONS = [
    {"value": "f", "label": {"en": "Female", "af": "Vroulik"}, "page": 1, "x": 100_000, "y": 500_000, "w": 20_000,
     "h": 15_000},
    {"value": "m", "label": {"en": "Male"}, "page": 1, "x": 200_000, "y": 500_000, "w": 20_000, "h": 15_000},
]  # fmt: skip


def template(*definitions: dict[str, Any], data: bytes | None = None) -> Template:
    return compile(data or one_page(content=b""), parse_fields(definitions))


def text_of(data: bytes, page: int = 0) -> str:
    return PdfReader(io.BytesIO(data)).pages[page].extract_text()


def picture_of(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(page_image(data, 1, 595, format="png"))).convert("L")


def ink_box(data: bytes) -> tuple[int, int, int, int] | None:
    return picture_of(data).point(lambda value: 255 if value < 250 else 0).getbbox()


def test_diacritics_of_all_languages_come_back_by_text_extraction() -> None:
    text = "Ṱhivhulawi ḓ ḽ ṋ ṅ šŠ ê ô Жд"
    made = fill(template(field_dict(w=800_000)), {"name": text}, {})
    assert text_of(made) == text


def test_control_characters_never_reach_the_page() -> None:
    made = fill(template(field_dict()), {"name": "Tha\x0bn\x00di\u200b"}, {})
    assert text_of(made) == "Thandi"


def test_values_of_every_type_are_printed() -> None:
    made = fill(
        template(
            field_dict(key="a", y=0),
            field_dict(key="b", type="multiline", y=40_000, h=60_000),
            field_dict(key="c", type="comb", cells=5, y=120_000),
            field_dict(key="d", type="date", y=160_000),
            field_dict(key="e", type="number", y=200_000),
            field_dict(key="f", type="select", y=240_000, options=[{"value": "x", "label": {"af": "Kies"}}]),
            field_dict(key="g", type="static", y=280_000, default="Printed for all"),
            field_dict(key="h", type="national_id", y=320_000, cells=13),
            field_dict(key="i", type="date_signed", y=360_000, cells=8),
        ),
        {
            "a": "Thandi", "b": "one two\nthree", "c": "AB1", "d": "2026-11-27", "e": "12.50", "f": "x",
            "h": "8001015009087", "i": "2026-11-07",
        },
        {},
    )  # fmt: skip
    found = text_of(made).replace(" ", "").replace("\n", "")
    for expected in ("Thandi", "onetwothree", "AB1", "27November2026", "12.50", "Kies", "Printedforall"):
        assert expected in found
    assert "8001015009087" in found and "07112026" in found


def test_a_label_is_printed_in_the_language_of_the_document() -> None:
    bare = [{"value": option["value"], "label": option["label"]} for option in OPTIONS]
    made = template(field_dict(type="radio", options=bare))
    assert text_of(fill(made, {"name": "f"}, {}, language="af")) == "Vroulik"
    assert text_of(fill(made, {"name": "f"}, {}, language="zu")) == "Female"


def test_the_chosen_cell_is_crossed_and_no_other() -> None:
    made = template(field_dict(type="radio", options=OPTIONS))
    first, second = (ink_box(fill(made, {"name": value}, {})) for value in ("f", "m"))
    assert first is not None and second is not None
    assert 59 <= first[0] < first[2] <= 72 and 420 <= first[1] < first[3] <= 434
    assert 119 <= second[0] < second[2] <= 131
    assert ink_box(fill(made, {"name": ""}, {})) is None


def test_an_option_on_another_page_is_crossed_there() -> None:
    options = [OPTIONS[0] | {"page": 2}, OPTIONS[1]]
    made = template(field_dict(type="select", options=options), data=clean(agreement(2)).data)
    before, after = (fill(made, values, {}) for values in ({}, {"name": "f"}))
    assert page_image(before, 1, 300) == page_image(after, 1, 300)
    assert page_image(before, 2, 300) != page_image(after, 2, 300)


def test_a_tick_is_drawn_inside_its_box_only_when_true() -> None:
    made = template(field_dict(type="checkbox", w=30_000))
    box = ink_box(fill(made, {"name": True}, {}))
    assert box is not None and 59 <= box[0] and box[2] <= 78 and 84 <= box[1] and box[3] <= 106
    assert ink_box(fill(made, {"name": False}, {})) is None


@pytest.mark.parametrize(
    ("align", "left", "right"), [("left", 59, 110), ("center", 150, 220), ("right", 250, 298)]
)
def test_text_is_aligned_in_its_place(align: str, left: int, right: int) -> None:
    box = ink_box(fill(template(field_dict(align=align)), {"name": "Thandi"}, {}))
    assert box is not None and left <= box[0] and box[2] <= right


def test_long_text_shrinks_and_then_says_that_it_does_not_fit() -> None:
    made = template(field_dict(w=100_000, label={"en": "Full name"}))
    box = ink_box(fill(made, {"name": "Thandiwe Nkos"}, {}))
    assert box is not None and box[2] <= 120
    with pytest.raises(FieldError) as caught:
        fill(made, {"name": "Thandiwe Nomvula Nkosi-Dlamini"}, {})
    assert caught.value.code == "does_not_fit" and caught.value.field_key == "name"
    assert (
        caught.value.message
        == "“Full name” does not fit in its place on page 1: “Thandiwe Nomvula Nkosi-Dlamini”."
    )


def test_long_paragraphs_wrap_shrink_and_then_say_that_they_do_not_fit() -> None:
    made = template(field_dict(type="multiline", h=60_000))
    words = "The student attends every lesson and keeps the logbook. "
    box = ink_box(fill(made, {"name": words * 4 + "x" * 90}, {}))
    assert box is not None and box[3] <= 842 * 0.16 + 1 and box[2] <= 298
    with pytest.raises(FieldError, match="does not fit"):
        fill(made, {"name": words * 30}, {})


def test_too_many_characters_for_the_cells_are_refused() -> None:
    with pytest.raises(FieldError, match="5 cells"):
        fill(template(field_dict(type="comb", cells=5)), {"name": "123456"}, {})


def test_a_character_without_a_glyph_is_named_before_anything_is_made() -> None:
    with pytest.raises(FieldError) as caught:
        fill(template(field_dict(label={"en": "Nickname"})), {"name": "Thandi 漢"}, {})
    assert caught.value.message == "“Nickname” has characters that cannot be printed: 漢"


def test_a_narrow_place_gets_a_short_date() -> None:
    made = fill(template(field_dict(type="date", w=80_000)), {"name": "2026-09-27"}, {})
    assert text_of(made) == "27 Sep 2026"


def test_only_the_roles_that_have_signed_are_stamped() -> None:
    made = template(
        field_dict(key="a", type="signature"),
        field_dict(key="b", type="signature", role="sponsor", y=400_000),
        field_dict(key="c", type="initials", y=700_000),
    )
    assert ink_box(fill(made, {}, {})) is None
    box = ink_box(fill(made, {}, {"student": Marks(ink())}))
    assert box is not None and box[3] < 842 * 0.2
    both = ink_box(fill(made, {}, {"student": Marks(ink(), ink()), "sponsor": Marks(None, ink())}))
    assert both is not None and both[1] < 842 * 0.2 and both[3] > 842 * 0.7


def test_a_signature_keeps_its_proportions_and_leaves_room_for_its_caption() -> None:
    made = template(field_dict(type="signature", h=100_000))
    box = ink_box(fill(made, {}, {"student": Marks(ink(300, 100))}))
    assert box is not None and abs((box[2] - box[0]) / (box[3] - box[1]) - 3) < 0.1
    signed = fill(
        made, {}, {"student": Marks(ink(300, 100), caption="Signed by Ṱ Nkosi on 27 November 2026")}
    )
    assert text_of(signed).strip() == "Signed by Ṱ Nkosi on 27 November 2026"


def test_a_mark_used_on_many_pages_is_stored_once() -> None:
    places = [field_dict(key=f"i{page}", type="initials", page=page) for page in range(1, 7)]
    made = compile(agreement(6), parse_fields(places))
    empty, full = fill(made, {}, {}), fill(made, {}, {"student": Marks(None, signature())})
    assert full.count(b"/Subtype/Image") == empty.count(b"/Subtype/Image") + 2
    assert len(full) - len(empty) < 20_000


def test_the_file_has_one_revision_and_no_dates() -> None:
    made = fill(compile(agreement(2), parse_fields([field_dict()])), {"name": "Thandi"}, {})
    assert made.count(b"%%EOF") == 1 and made.count(b"startxref") == 1
    assert b"Date" not in made


def test_a_field_on_a_page_that_is_not_there_is_refused() -> None:
    with pytest.raises(FieldError, match="it has 1"):
        template(field_dict(page=2))


def test_the_template_remembers_its_source() -> None:
    data = agreement(2)
    made = compile(data, parse_fields([field_dict()]))
    assert made.sha256 == hashlib.sha256(data).hexdigest() and len(made.pages) == 2
    assert engine_version().startswith("wagtail-cohorts-pdf ")


SCRIPT = """
import hashlib
from tests.pdf.samples import agreement, field_dict, signature
from wagtail_cohorts.pdf import Marks, compile, fill, generate, mark_from_text, parse_fields, photo_to_pdf
from tests.pdf.test_images import photo
fields = parse_fields([field_dict(), field_dict(key="s", type="signature", page=3), field_dict(key="t", page=2)])
template = compile(agreement(3), fields)
marks = {"student": Marks(mark_from_text("Ṱhandi"), signature(), "Signed")}
for made in (fill(template, {"name": "Ṱhandi Жд", "t": "漢"[:0]}, marks), photo_to_pdf(photo((300, 400)))):
    print(hashlib.sha256(made).hexdigest())
"""


def test_the_same_inputs_give_the_same_bytes_in_two_processes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1 and len(outputs.pop().split()) == 2
