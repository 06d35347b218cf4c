"""The certificate of completion: a PDF that says who signed what, when and how, and how to check it."""

from __future__ import annotations

from datetime import datetime
from html import escape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.completion import typeface
from wagtail_cohorts.completion.facts import Facts, SealedDocument, Signature
from wagtail_cohorts.institutions.colours import text_on

INK, SOFT, LINE = HexColor("#1d2327"), HexColor("#54606a"), HexColor("#c9d1d6")
MARGIN = 18 * mm
PADDING = 6  # what the frame adds inside its margins
WIDTH = A4[0] - 2 * MARGIN
SQUARE = 26 * mm


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    facts = {"fontName": typeface.TEXT, "fontSize": size, "leading": size * 1.4, "textColor": INK, **more}
    return ParagraphStyle(name, **facts)


BODY = _style("body", 9)
SENTENCE = _style("sentence", 9, spaceAfter=4)
SMALL = _style("small", 7.5, textColor=SOFT)
PRINT = _style("print", 6.6, textColor=SOFT, splitLongWords=1, wordWrap="CJK")
LABEL = _style("label", 7.5, textColor=SOFT)
STUDENT = _style("student", 20, leading=25)
TITLE = _style("title", 11, textColor=SOFT)
SECTION = _style("section", 11, fontName=typeface.HEADING, spaceBefore=10, spaceAfter=4)
DOCUMENT = _style("document", 10, fontName=typeface.HEADING, spaceBefore=6, spaceAfter=2)
CODE = _style("code", 15, fontName=typeface.HEADING, leading=22)


def build_certificate(facts: Facts) -> bytes:
    """Draw the certificate in the active language; the same facts give the same bytes. It is laid out anew by the
    engine, whose own files are sealed ten times as fast."""
    typeface.register()
    buffer = BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING,
        topMargin=30 * mm, bottomMargin=20 * mm,
        title=_("Certificate of completion"), author=typeface.drawable(facts.institution), invariant=1,
        lang="en-ZA", subject=typeface.drawable(facts.cohort),
    )  # fmt: skip
    story = [
        *_opening(facts),
        *_documents(facts),
        *_uploads(facts),
        *_record(facts),
        *_meaning(facts),
        *_check(facts),
    ]

    def frame(canvas: Canvas, _document: Any) -> None:
        _draw_frame(canvas, facts)

    document.build(story, onFirstPage=frame, onLaterPages=frame)
    return pdf.clean(buffer.getvalue()).data


def _draw_frame(canvas: Canvas, facts: Facts) -> None:
    canvas.saveState()
    canvas.setFillColor(HexColor(facts.colour))
    canvas.rect(0, A4[1] - 16 * mm, A4[0], 16 * mm, stroke=0, fill=1)
    canvas.setFillColor(HexColor(text_on(facts.colour)))
    canvas.setFont(typeface.TEXT, 11)
    canvas.drawString(MARGIN, A4[1] - 10 * mm, typeface.drawable(facts.institution)[:80])
    canvas.setFillColor(SOFT)
    canvas.setFont(typeface.TEXT, 7.5)
    canvas.drawString(MARGIN, 11 * mm, f"{_('Certificate of completion')}  ·  {facts.code}")
    canvas.drawRightString(A4[0] - MARGIN, 11 * mm, _("Page %d") % canvas.getPageNumber())
    canvas.restoreState()


def _text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(typeface.drawable(words), quote=False), style)


def _heading(words: str, style: ParagraphStyle) -> Paragraph:
    if typeface.heading_can_draw(words):
        return _text(words, style)
    return _text(words, ParagraphStyle(style.name, style, fontName=typeface.TEXT))


def when(moment: datetime) -> str:
    """Local time with its zone, as proofs need it: "24 November 2026, 14:41:07 (UTC+02:00)"."""
    local = clock.local(moment)
    offset = local.strftime("%z")
    return f"{date_format(local, 'j F Y')}, {local:%H:%M:%S} (UTC{offset[:3]}:{offset[3:]})"


def _opening(facts: Facts) -> list[Any]:
    rows = [
        (_("Cohort"), facts.cohort), (_("Programme"), facts.programme), (_("Sponsor"), facts.sponsor),
        (_("Sealed"), when(facts.sealed_at)),
    ]  # fmt: skip
    lines = [[_text(label, LABEL), _text(value, BODY)] for label, value in rows if value]
    return [
        _text(_("Certificate of completion"), TITLE), _text(facts.student, STUDENT), Spacer(1, 6),
        _grid(lines, [28 * mm, WIDTH - 28 * mm]),
        Spacer(1, 6),
        _text(
            ngettext(
                "Everybody named below has signed this document, and %(institution)s has sealed it.",
                "Everybody named below has signed these %(count)d documents, and %(institution)s has sealed them.",
                len(facts.documents),
            ) % {"count": len(facts.documents), "institution": facts.institution}, BODY,
        ),
    ]  # fmt: skip


def _grid(rows: list[list[Any]], widths: list[float]) -> Table:
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ]  # fmt: skip
    return Table(rows, colWidths=widths, style=style)


def _documents(facts: Facts) -> list[Any]:
    story: list[Any] = [_heading(_("Documents and signatures"), SECTION)]
    for document in facts.documents:
        first, *others = [_signature(one) for one in document.signatures] or [Spacer(1, 1)]
        story += [KeepTogether([*_document_head(document), first]), *others]
    return story


def _document_head(document: SealedDocument) -> list[Any]:
    return [
        _heading(document.title, DOCUMENT),
        _text(
            _("Version %(number)d. Fingerprint of the sealed file (SHA-256):") % {"number": document.version},
            SMALL,
        ),
        _text(document.sealed_sha256, PRINT),
        Spacer(1, 3),
    ]


def _signature(one: Signature) -> Table:
    who = [_text(one.role, LABEL), _text(one.name, BODY)]
    if one.position:
        who.append(_text(one.position, SMALL))
    how = [_text(when(one.signed_at), BODY), _text(_how(one), SMALL)]
    how += [_text(f"{label} {digest}", PRINT) for label, digest in _prints(one) if digest]
    return _grid([[who, how]], [52 * mm, WIDTH - 52 * mm])


def _how(one: Signature) -> str:
    ways = {
        "drawn": _("Signature drawn by hand on a screen."), "typed": _("Signature typed."),
        "paper": _("Signed on paper."),
    }  # fmt: skip
    way = ways.get(one.method, _("Signed electronically."))
    if one.is_specimen:
        return f"{way} " + _(
            "Signed once, on a specimen of this agreement; it stands on every student's copy."
        )
    return way


def _prints(one: Signature) -> list[tuple[str, str]]:
    return [
        (_("Shown before signing:"), one.seen_sha256), (_("After signing:"), one.result_sha256),
        (_("Words agreed to:"), one.consent_sha256),
    ]  # fmt: skip


def _uploads(facts: Facts) -> list[Any]:
    if not facts.uploads:
        return []
    rows = [
        [
            [_text(one.name, BODY)],
            [
                _text(
                    _("Checked by staff on %s") % when(one.approved_at) if one.approved_at else _("Received"),
                    SMALL,
                ),
                _text(one.sha256, PRINT),
            ],
        ]
        for one in facts.uploads
    ]
    head = [
        _heading(_("Documents that the student sent"), SECTION),
        _grid(rows[:1], [52 * mm, WIDTH - 52 * mm]),
    ]
    return [KeepTogether(head), *([_grid(rows[1:], [52 * mm, WIDTH - 52 * mm])] if rows[1:] else [])]


def _record(facts: Facts) -> list[Any]:
    rows = [
        (_("Record"), _("%d entries up to the sealing; each entry holds the fingerprint of the one before.")
         % facts.head.seq, facts.head.hash),
        (_("Seal"), facts.seal_subject, facts.seal_fingerprint),
        (_("Made with"), facts.engine, ""),
    ]  # fmt: skip
    table = _grid(
        [
            [_text(label, LABEL), [_text(words, BODY), *([_text(digest, PRINT)] if digest else [])]]
            for label, words, digest in rows
        ],
        [28 * mm, WIDTH - 28 * mm],
    )
    return [KeepTogether([_heading(_("The record"), SECTION), table])]


def _meaning(facts: Facts) -> list[Any]:
    """What the signatures and the seal are, and what they are not."""
    sentences = [
        _("The people named here signed electronically. They opened a personal link that was sent to them or given to "
          "them by staff, saw the document, agreed to sign it electronically, and drew or typed their signature."),
        _("These are ordinary electronic signatures. They are not advanced electronic signatures, and nobody but the "
          "institution checked who the people are."),
        _("The institution signed once, on a specimen of each agreement, before it invited the students. That "
          "signature was placed on every student's copy."),
        _("The seal is %s's. It shows that a file has not changed since it was sealed. It is not the signature of a "
          "person.") % facts.institution,
    ]  # fmt: skip
    if facts.seal_is_self_issued:
        sentences.append(
            _("The seal's certificate was made by the institution's own system. No public authority vouches for it, so "
              "a PDF reader may call its issuer unknown.")
        )  # fmt: skip
    words = list(
        dict.fromkeys(one.consent_text for d in facts.documents for one in d.signatures if one.consent_text)
    )
    story = [_heading(_("What this means"), SECTION), *[_text(sentence, SENTENCE) for sentence in sentences]]
    if words:
        story += [Spacer(1, 4), _text(_("The words that the signers agreed to:"), SMALL)]
        story += [_text(f"“{text}”", SMALL) for text in words]
    return [KeepTogether(story)]


def _check(facts: Facts) -> list[Any]:
    return [
        KeepTogether([
            _heading(_("How to check it"), SECTION),
            Table(
                [[
                    [
                        _text(_("Open this page and type the code, or send the page one of the files:"), BODY),
                        _text(facts.address, BODY), _text(facts.code, CODE),
                        _text(_("Or point a phone’s camera at the square: it opens the page with the code."), SMALL),
                    ],
                    _square(f"{facts.address}?{urlencode({'code': facts.code})}"),
                ]],
                colWidths=[WIDTH - SQUARE - 4 * mm, SQUARE + 4 * mm],
                style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, 0), 0),
                       ("ALIGN", (1, 0), (1, 0), "RIGHT"), ("RIGHTPADDING", (1, 0), (1, 0), 0)],
            ),
        ])
    ]  # fmt: skip


def _square(text: str) -> Drawing:
    """A QR code that most cameras read from a print with a crease in it (level M)."""
    code = QrCodeWidget(text, barLevel="M", barWidth=SQUARE, barHeight=SQUARE, barBorder=0)
    return Drawing(SQUARE, SQUARE, code)
