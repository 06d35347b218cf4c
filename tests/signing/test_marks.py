from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, ImageDraw

from tests import factories as make
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.signing.marks import latest_mark, make_mark

pytestmark = pytest.mark.django_db


def data_url(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def drawn() -> str:
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, 100), (300, 20), (580, 150)], fill=(0, 0, 0, 255), width=6)
    return data_url(image)


def test_a_drawn_signature_is_encoded_anew() -> None:
    mark = make_mark(institution_id=make.institution().pk, owner_key="x", drawn_signature=drawn())
    assert mark.method == "drawn" and Image.open(io.BytesIO(mark.signature.read())).format == "PNG"


def test_a_typed_name_makes_signature_and_initials() -> None:
    mark = make_mark(institution_id=make.institution().pk, owner_key="x", typed_name="Naledi Grace Mokoena")
    assert (
        mark.method == "typed" and mark.initials is not None and mark.signature.sha256 != mark.initials.sha256
    )


def test_the_latest_mark_of_a_person_is_found() -> None:
    institution = make.institution()
    make_mark(institution_id=institution.pk, owner_key="x", typed_name="Old")
    newer = make_mark(institution_id=institution.pk, owner_key="x", typed_name="New")
    make_mark(institution_id=institution.pk, owner_key="y", typed_name="Other")
    assert latest_mark("x") == newer


@pytest.mark.parametrize(
    "sent",
    [
        data_url(Image.new("RGBA", (600, 200), (0, 0, 0, 0))),
        data_url(Image.new("RGB", (600, 200), "white")),
        "data:image/png;base64,AAAA",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "javascript:alert(1)",
        "data:image/png;base64," + "A" * 10,
        "x" * 100_000,
    ],
    ids=["transparent", "white", "no picture", "svg", "script", "short", "long"],
)
def test_what_is_no_signature_is_refused_with_a_sentence(sent: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_mark(institution_id=make.institution().pk, owner_key="x", drawn_signature=sent)
    assert len(str(caught.value)) > 10


def test_neither_drawn_nor_typed_is_refused() -> None:
    with pytest.raises(BadInput):
        make_mark(institution_id=make.institution().pk, owner_key="x", typed_name=" \x00 ")
