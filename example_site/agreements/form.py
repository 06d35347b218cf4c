"""Printed places for answers: each is drawn and noted as a field in one step, so they cannot drift apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from reportlab.lib.pagesizes import A4

from example_site.agreements.logo import draw_logo
from example_site.agreements.sheet import BOTTOM, CELL, LEAD, MARGIN, SMALL, Box, Sheet

MILLION = 1_000_000
LINE_HEIGHT = 17.0
LABEL_HEIGHT = 11.0
TICK = 10.5
ROLES = ("institution", "student", "sponsor")
ROLE_NAMES = {"institution": "Institution", "student": "Student", "sponsor": "Sponsor"}

FieldData = dict[str, Any]
OPTIONAL: dict[str, Any] = {"required": False}


def given(source: str) -> dict[str, Any]:
    """Rules of a field that the system fills in and nobody changes."""
    return {"source": source, "read_only": True, **OPTIONAL}


def named(*names: str) -> list[dict[str, Any]]:
    """Options of a list, each with its name as its value."""
    return [{"value": name, "label": {"en": name}} for name in names]


class Form(Sheet):
    """A sheet with fields. `rules` of a field are the optional keys of its definition, as they are stored."""

    def __init__(self, *, title: str, institution: str, pages: int) -> None:
        super().__init__(title=title, author=institution)
        self.title, self.institution, self.pages = title, institution, pages
        self.fields: list[FieldData] = []

    def next_page(self, *, size: tuple[float, float] = A4, turned: bool = False) -> None:
        """A page with the institution's mark above, and the page's number and the initials below."""
        self.start_page(size=size, turned=turned)
        draw_logo(self.canvas, MARGIN, self.height - 60, 22)
        self.write(self.institution, SMALL, Box(MARGIN + 30, 38, 300, 0))
        self.write(self.title, SMALL, Box(MARGIN + 30, 48, 300, 0))
        self.rule(MARGIN, 68, self.text_width)
        self.page_number()
        self.initials()

    def page_number(self) -> None:
        box = Box(MARGIN, self.height - BOTTOM + 27, 120, 0)
        self.write(f"Page {self.page} of {self.pages}", SMALL, box)

    def place(self, box: Box) -> dict[str, int]:
        """A box in millionths of the visible page."""
        return {
            "x": round(box.x / self.width * MILLION),
            "y": round(box.y / self.height * MILLION),
            "w": round(box.w / self.width * MILLION),
            "h": round(box.h / self.height * MILLION),
        }

    def field(self, key: str, role: str, type_: str, box: Box, *, label: str, **rules: Any) -> None:
        """Notes a field over something already drawn."""
        if "help" in rules:
            rules["help"] = {"en": rules["help"]}
        self.fields.append(
            {
                "uuid": str(uuid5(NAMESPACE_URL, f"{self.title}/{key}")),
                "key": key,
                "role": role,
                "type": type_,
                "page": self.page,
                **self.place(box),
                "label": {"en": label},
                "required": True,
                **rules,
            }
        )

    def answer(self, key: str, role: str, label: str, box: Box, *, type: str = "text", **rules: Any) -> None:
        """A small label with a line below it; the box spans label and line, the field stands on the line."""
        self.write(rules.pop("printed", label), SMALL, Box(box.x, box.y, box.w, LABEL_HEIGHT))
        line = Box(box.x, box.y + LABEL_HEIGHT, box.w, box.h - LABEL_HEIGHT)
        self.rule(box.x, box.y + box.h, box.w)
        self.field(key, role, type, line, label=label, **rules)

    def row(self, role: str, *answers: tuple[str, str, float, dict[str, Any]]) -> None:
        """Answers side by side: key, label, share of the width, rules. Moves on by one line."""
        gap, x = 14.0, MARGIN
        room = self.text_width - gap * (len(answers) - 1)
        for key, label, share, rules in answers:
            box = Box(x, self.y, room * share, LABEL_HEIGHT + LINE_HEIGHT)
            self.answer(key, role, label, box, **rules)
            x += room * share + gap
        self.y += LABEL_HEIGHT + LINE_HEIGHT + 9

    def cells(
        self, key: str, role: str, label: str, box: Box, *, type: str, cells: int, **rules: Any
    ) -> None:
        """A comb: one printed cell a character."""
        self.write(label, SMALL, Box(box.x, box.y, box.w, LABEL_HEIGHT))
        comb = Box(box.x, box.y + LABEL_HEIGHT + 2, box.w, box.h - LABEL_HEIGHT - 2)
        self.frame(comb)
        for index in range(1, cells):
            x = comb.x + comb.w / cells * index
            self.canvas.line(x, self.height - comb.y, x, self.height - comb.y - comb.h)
        self.field(key, role, type, comb, label=label, cells=cells, **rules)

    def choice(
        self,
        key: str,
        role: str,
        label: str,
        options: Sequence[tuple[str, str]],
        widths: Sequence[float],
        **rules: Any,
    ) -> None:
        """One of several: a printed box before each name, in one line."""
        self.write(rules.pop("printed", label), SMALL, Box(MARGIN, self.y, self.text_width, LABEL_HEIGHT))
        top, x, noted = self.y + LABEL_HEIGHT + 4, MARGIN, []
        for (value, name), width in zip(options, widths, strict=True):
            tick = Box(x, top, TICK, TICK)
            self.frame(tick)
            self.write(name, CELL, Box(x + TICK + 5, top - 0.8, width - TICK - 5, 0))
            noted.append({"value": value, "label": {"en": name}, "page": self.page, **self.place(tick)})
            x += width
        around = Box(MARGIN, top, x - MARGIN, TICK)
        self.field(key, role, "radio", around, label=label, options=noted, **rules)
        self.y = top + TICK + 11

    def tick(self, key: str, role: str, sentence: str, *, label: str, **rules: Any) -> None:
        """A printed box before a sentence."""
        box = Box(MARGIN, self.y + 1.5, TICK, TICK)
        self.frame(box)
        self.field(key, role, "checkbox", box, label=label, **rules)
        self.paragraph(sentence, indent=TICK + 8, gap=6)

    def signature(self, key: str, role: str, label: str, box: Box) -> None:
        """A line to sign on, with what it is below it."""
        self.rule(box.x, box.y + box.h, box.w)
        self.write(label, SMALL, Box(box.x, box.y + box.h + 2, box.w, 0))
        self.field(key, role, "signature", box, label=label)

    def initials(self, roles: Sequence[str] = ROLES) -> None:
        """One small box a role at the foot of the page, right-aligned."""
        width, height, gap = 50.0, 20.0, 8.0
        x = self.width - MARGIN - len(roles) * width - (len(roles) - 1) * gap
        y = self.height - BOTTOM + 22
        self.write("Initials", SMALL, Box(x - 38, y + 5, 36, 0))
        for role in roles:
            box = Box(x, y, width, height)
            self.frame(box)
            self.write(ROLE_NAMES[role], SMALL, Box(x, y + height + 1, width, 0))
            label = f"Initials of the {role}, page {self.page}"
            inside = Box(box.x + 5, box.y + 2.5, box.w - 10, box.h - 5)
            self.field(f"{role}_initials_{self.page}", role, "initials", inside, label=label)
            x += width + gap

    def signature_block(self, role: str, title: str, extra: tuple[str, str], *, height: float = 168) -> None:
        """A framed block: name, one more line, signature and date."""
        top, inner = self.y, self.text_width - 28
        left, right = MARGIN + 14, MARGIN + 14 + inner * 0.6
        line = LABEL_HEIGHT + LINE_HEIGHT
        self.frame(Box(MARGIN, top, self.text_width, height))
        self.write(f"<b>{title}</b>", LEAD, Box(left, top + 6, inner, 0))
        who = given("signer.name")
        self.answer(
            f"{role}_signer", role, "Full name", Box(left, top + 32, inner * 0.56, line), max_length=80, **who
        )
        more = given("signer.position") if extra[0] == "position" else OPTIONAL
        self.answer(
            f"{role}_{extra[0]}",
            role,
            extra[1],
            Box(right, top + 32, inner * 0.4, line),
            max_length=60,
            **more,
        )
        signature = Box(left, top + 68, inner * 0.56, height - 68 - 20)
        self.signature(f"{role}_signature", role, "Signature", signature)
        date = Box(right, signature.y + signature.h - line, inner * 0.4, line)
        self.answer(f"{role}_signed_on", role, "Date signed", date, type="date_signed")
        self.y = top + height + 12
