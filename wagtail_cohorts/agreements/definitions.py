"""Reading a template's or a version's fields and roles as values, and checking what an editor drafted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.texts import in_language

if TYPE_CHECKING:
    from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion


@dataclass(frozen=True)
class Role:
    """A party to the agreement; its place in the list is its place in the signing order."""

    key: str
    kind: str
    name: str


@dataclass(frozen=True)
class Definition:
    """What is filled and signed, and by whom in which order."""

    fields: tuple[pdf.Field, ...]
    roles: tuple[Role, ...]

    def acting_roles(self) -> list[Role]:
        """Roles that have something to fill in or sign; a role without is skipped."""
        return [
            role for role in self.roles if self.inputs(role.key) or pdf.mark_fields(self.fields, role.key)
        ]

    def role(self, key: str) -> Role:
        return next(role for role in self.roles if role.key == key)

    def of_kind(self, kind: str) -> list[Role]:
        return [role for role in self.acting_roles() if role.kind == kind]

    def inputs(self, role_key: str) -> list[pdf.Field]:
        return list(pdf.input_fields(self.fields, role_key))

    def needs_initials(self, role_key: str) -> bool:
        return any(f.type == "initials" for f in self.fields if f.role == role_key)

    def needs_signature(self, role_key: str) -> bool:
        return any(f.type == "signature" for f in self.fields if f.role == role_key)


@lru_cache(maxsize=256)
def _parse(text: str) -> Definition:
    data = json.loads(text)
    return Definition(pdf.parse_fields(data["fields"]), tuple(Role(**row) for row in data["roles"]))


def definition_of(version: TemplateVersion) -> Definition:
    """The frozen definition, parsed once a process."""
    return _parse(version.definition)


@lru_cache(maxsize=32)
def _compile(pdf_sha256: str, definition: str, read: Any) -> pdf.Template:
    return pdf.compile(read(), _parse(definition).fields)


class _Reader:
    """Reads the version's PDF; equal for equal content, so that the compiled template is found again."""

    def __init__(self, version: TemplateVersion) -> None:
        self.version = version

    def __call__(self) -> bytes:
        return self.version.pdf.read()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader)

    def __hash__(self) -> int:
        return 0


def compiled(version: TemplateVersion) -> pdf.Template:
    """The version ready to fill, compiled once a process."""
    return _compile(version.pdf_sha256, version.definition, _Reader(version))


def definition_problems(template: AgreementTemplate) -> list[str]:
    """What must be mended before the draft can be published, in the editor's words."""
    problems = [str(problem) for problem in _role_problems(template.roles)]
    try:
        fields = pdf.parse_fields(template.fields)
    except pdf.FieldsError as error:
        return problems + [
            _("Field %(number)s (%(field)s), %(setting)s: %(problem)s")
            % {
                "number": found.index + 1,
                "field": _called(template.fields, found.index),
                "setting": found.name,
                "problem": found.message,
            }
            for found in error.problems
        ]
    known = {row.get("key") for row in template.roles if isinstance(row, dict)}
    problems += [
        _("%(name)s: there is no role “%(role)s”.") % {"name": field.key, "role": field.role}
        for field in fields
        if field.role not in known
    ]
    count = len(template.pages)
    problems += [
        _("%(name)s: the PDF has %(count)s pages, not %(page)s.")
        % {"name": f.key, "count": count, "page": f.page}
        for f in fields
        if count and f.page > count
    ]
    return problems


def _called(fields: Any, place: int) -> str:
    """What the editor calls a field that may be broken."""
    row = fields[place] if isinstance(fields, list) and place < len(fields) else None
    if not isinstance(row, dict):
        return "?"
    label = row.get("label")
    return (in_language(label) if isinstance(label, dict) else "") or str(row.get("key", "?"))


def _role_problems(roles: Any) -> Iterable[str]:
    from wagtail_cohorts.agreements.models import ROLE_KINDS

    if not isinstance(roles, list) or not roles:
        return [_("At least one role is needed.")]
    problems, seen = [], set()
    kinds = {kind for kind, _name in ROLE_KINDS}
    for row in roles:
        if not isinstance(row, dict) or set(row) != {"key", "kind", "name"} or row["kind"] not in kinds:
            problems.append(_("Each role has a key, a kind and a name."))
        elif row["key"] in seen:
            problems.append(_("Two roles have the key “%s”.") % row["key"])
        else:
            seen.add(row["key"])
    return problems


def publish_problems(template: AgreementTemplate) -> Sequence[str]:
    """What a draft may still lack, but a published version may not."""
    problems = definition_problems(template)
    if template.source_id is None:
        problems.append(_("A PDF is needed."))
    if not problems and sum(role["kind"] == "guardian" for role in template.roles) > 1:
        problems.append(_("There can be one guardian: a student names one."))
    if not problems and not any(f["type"] == "signature" for f in template.fields):
        problems.append(_("Nobody signs: add a signature field."))
    return problems
