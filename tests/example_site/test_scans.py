"""The made-up files for uploads."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from pypdf import PdfReader

from example_site.people import students
from example_site.scans import certificate, identity_photo, proof_of_address

VENDA = students(1, first=3)[0]


def test_the_identity_photo_is_a_photograph_of_its_own():
    photo = Image.open(BytesIO(identity_photo(VENDA)))
    assert (photo.format, photo.size) == ("JPEG", (1280, 960))
    assert identity_photo(VENDA) == identity_photo(VENDA)
    assert identity_photo(VENDA) != identity_photo(students(1)[0])


def test_the_papers_carry_the_students_name_and_say_that_they_are_specimens():
    for paper in (certificate(VENDA), proof_of_address(VENDA)):
        text = PdfReader(BytesIO(paper)).pages[0].extract_text()
        assert VENDA.full_name in text
        assert "SPECIMEN" in text
