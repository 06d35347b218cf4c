"""Made-up files for students to upload: drawn here, marked SPECIMEN, the same for the same student."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_noto_sans
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from example_site.agreements import typeface
from example_site.people import Student

FONT = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
DESK, SHADOW, CARD, INK, MUTED = "#8a7f72", "#40392f", "#eef3ea", "#1f2d26", "#5d6b63"
BAND, SKIN = "#2f6b52", "#b98d6b"
CARD_SIZE = (940, 590)
PHOTO_SIZE = (1280, 960)


def identity_photo(student: Student) -> bytes:
    """A phone's photograph of an identity card on a desk: a JPEG of 1280 by 960, a little askew."""
    tilt = int(student.identity_number[-2:]) % 9 - 4
    turned = _turned(_card(student), tilt)
    photo = _desk(tilt).copy()
    photo.paste(turned, _middle(turned), turned)
    file = BytesIO()
    photo.save(file, "JPEG", quality=80)
    return file.getvalue()


@cache
def _desk(tilt: int) -> Image.Image:
    """The desk with the shadow that a card of this tilt throws."""
    desk = Image.new("RGB", PHOTO_SIZE, DESK)
    shape = _turned(Image.new("RGB", CARD_SIZE), tilt).getchannel("A")
    left, top = _middle(shape)
    shadow = Image.new("L", PHOTO_SIZE, 0)
    shadow.paste(110, (left + 10, top + 14), shape)
    desk.paste(SHADOW, (0, 0), shadow.filter(ImageFilter.GaussianBlur(12)))
    return desk


def _turned(card: Image.Image, tilt: int) -> Image.Image:
    return card.convert("RGBA").rotate(tilt, expand=True, resample=Image.Resampling.BILINEAR)


def _middle(image: Image.Image) -> tuple[int, int]:
    return (PHOTO_SIZE[0] - image.width) // 2, (PHOTO_SIZE[1] - image.height) // 2


def _card(student: Student) -> Image.Image:
    card = _blank_card().copy()
    draw = ImageDraw.Draw(card)
    values = (
        student.last_name,
        student.first_name,
        student.gender[0].upper(),
        student.identity_number,
        f"{student.birth_date:%d %b %Y}",
    )
    for index, value in enumerate(values):
        draw.text((360, 126 + index * 82), value, font=_font(34), fill=INK)
    return card


@cache
def _blank_card() -> Image.Image:
    width, _ = CARD_SIZE
    card = Image.new("RGB", CARD_SIZE, CARD)
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, width, 76), fill=BAND)
    draw.text((28, 16), "Identity card", font=_font(32), fill="white")
    draw.text((width - 290, 16), "SPECIMEN ONLY", font=_font(32), fill="white")
    _portrait(draw, left=32, top=110)
    for index, label in enumerate(("Surname", "Names", "Sex", "Identity number", "Date of birth")):
        draw.text((360, 104 + index * 82), label, font=_font(19), fill=MUTED)
    draw.text((32, 524), "Made up for a demonstration. Identifies nobody.", font=_font(21), fill=MUTED)
    return card


def _portrait(draw: ImageDraw.ImageDraw, *, left: int, top: int) -> None:
    draw.rectangle((left, top, left + 288, top + 376), fill="#cfdcd3")
    draw.ellipse((left + 32, top + 264, left + 256, top + 512), fill="#54705f")
    draw.rectangle((left, top + 377, left + 288, top + 520), fill=CARD)
    draw.ellipse((left + 76, top + 72, left + 212, top + 248), fill=SKIN)
    draw.pieslice((left + 68, top + 56, left + 220, top + 232), 180, 360, fill=INK)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def certificate(student: Student) -> bytes:
    """A school-leaving certificate: a PDF of one page."""
    canvas, file = _page("Certificate")
    width, height = A4
    canvas.setStrokeColor(HexColor(0x2F6B52))
    for inset, weight in ((28, 3), (36, 0.8)):
        canvas.setLineWidth(weight)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
    _centered(canvas, (("School-leaving certificate", 26, 700), ("awarded to", 12, 655)))
    _centered(canvas, ((student.full_name, 20, 620), (f"Identity number {student.identity_number}", 11, 595)))
    subjects = (student.home_language, "Mathematics", "Life Orientation", "Business Studies", "Life Sciences")
    for index, subject in enumerate(subjects):
        level = 4 + (int(student.identity_number[4]) + index) % 4
        canvas.drawString(170, 530 - index * 26, subject)
        canvas.drawRightString(430, 530 - index * 26, f"Level {level}")
    _centered(canvas, ((f"Issued in {student.city}", 11, 370),))
    return _finished(canvas, file)


def proof_of_address(student: Student) -> bytes:
    """A municipal account: a PDF of one page."""
    canvas, file = _page("Municipal account")
    canvas.setFont(typeface.BOLD, 18)
    canvas.drawString(60, 760, f"{student.city} municipal services")
    canvas.setFont(typeface.REGULAR, 11)
    address = (
        student.full_name,
        student.street_address,
        student.city,
        f"{student.province} {student.postal_code}",
    )
    for index, line in enumerate(address):
        canvas.drawString(60, 700 - index * 16, line)
    for index, (what, amount) in enumerate(
        (("Water", "212.40"), ("Electricity", "486.15"), ("Refuse", "98.00"))
    ):
        canvas.drawString(60, 590 - index * 22, what)
        canvas.drawRightString(520, 590 - index * 22, f"R {amount}")
    canvas.line(60, 530, 520, 530)
    canvas.drawString(60, 510, "Account for October 2026")
    return _finished(canvas, file)


def _page(title: str) -> tuple[Canvas, BytesIO]:
    typeface.register()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"{title} (specimen)")
    canvas.saveState()
    canvas.translate(A4[0] / 2, A4[1] / 2)
    canvas.rotate(52)
    canvas.setFillColor(HexColor(0xE3E8E5))
    canvas.setFont(typeface.BOLD, 110)
    canvas.drawCentredString(0, -30, "SPECIMEN")
    canvas.restoreState()
    canvas.setFont(typeface.REGULAR, 12)
    return canvas, file


def _centered(canvas: Canvas, lines: tuple[tuple[str, int, int], ...]) -> None:
    for text, size, y in lines:
        canvas.setFont(typeface.BOLD if size > 12 else typeface.REGULAR, size)
        canvas.drawCentredString(A4[0] / 2, y, text)
    canvas.setFont(typeface.REGULAR, 12)


def _finished(canvas: Canvas, file: BytesIO) -> bytes:
    canvas.showPage()
    canvas.save()
    return file.getvalue()
