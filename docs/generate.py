"""Writes the parts of the documentation that follow from the code: `python -m docs.generate`.

A part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; a test finds one that is old.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parent


def settings_reference() -> str:
    """A heading and a sentence or two for each setting, from the properties of the settings class."""
    from wagtail_cohorts.conf import PREFIX, Settings

    parts = []
    for name, member in vars(Settings).items():
        if isinstance(member, property):
            parts.append(f"### `{PREFIX}{name}`\n\n{inspect.getdoc(member)}")
    return "\n\n".join(parts)


def flags_reference() -> str:
    from wagtail_cohorts.flags import FLAGS

    rows = [f"| `{name}` | {note} |" for name, note in FLAGS.items()]
    return "\n".join(["| Flag | Switches |", "|---|---|", *rows])


def cohort_states() -> str:
    from wagtail_cohorts.cohorts.states import TRANSITIONS, CohortState

    arrows = (
        (source, target, move.name)
        for move in TRANSITIONS.values()
        if move.name != "step_back"
        for source in move.sources
        for target in move.targets
    )
    return _diagram(CohortState.DRAFT, (CohortState.COMPLETED, CohortState.CANCELLED), arrows)


def steps_back() -> str:
    from wagtail_cohorts.cohorts.states import STEP_BACK

    rows = [f"| {source.label} | {target.label} |" for source, target in STEP_BACK.items()]
    return "\n".join(["| From | Back to |", "|---|---|", *rows])


def enrollment_states() -> str:
    from wagtail_cohorts.enrollments.states import TRANSITIONS, EnrollmentState

    arrows = ((source, move.target, move.name) for move in TRANSITIONS.values() for source in move.sources)
    return _diagram(EnrollmentState.WAITING, (), arrows)


def _diagram(first: str, last: Iterable[str], arrows: Iterable[tuple[str, str, str]]) -> str:
    """A state diagram in Mermaid; arrows between the same two states share one line."""
    names: dict[tuple[str, str], list[str]] = {}
    for source, target, name in arrows:
        names.setdefault((str(source), str(target)), []).append(name)
    lines = [f"    {source} --> {target}: {', '.join(found)}" for (source, target), found in names.items()]
    ends = [f"    {state} --> [*]" for state in last]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *lines, *ends, "```"])


PARTS: dict[str, Callable[[], str]] = {
    "settings": settings_reference,
    "flags": flags_reference,
    "cohort states": cohort_states,
    "steps back": steps_back,
    "enrollment states": enrollment_states,
}


def renewed(text: str) -> str:
    """The page with every generated part as the code has it now."""
    for name, make in PARTS.items():
        pattern = rf"(<!-- generated: {name} -->\n).*?(<!-- end of {name} -->)"
        text = re.sub(
            pattern, lambda found, make=make: f"{found[1]}\n{make()}\n\n{found[2]}", text, flags=re.S
        )
    return text


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    for page in sorted(DOCS.rglob("*.md")):
        before = page.read_text()
        after = renewed(before)
        if after != before:
            page.write_text(after)
            sys.stdout.write(f"{page.relative_to(DOCS)} renewed\n")


if __name__ == "__main__":
    main()
