"""Writes the parts of the documentation that follow from the code: `python -m docs.generate`.

A part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; a test finds one that is old.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import pairwise
from pathlib import Path

DOCS = Path(__file__).resolve().parent


CONTRACT = DOCS.parent / "pyproject.toml"


def layers() -> list[list[str]]:
    """Rooms from top to bottom, as the import contract has them; those that do not exist yet are left out."""
    contracts = tomllib.loads(CONTRACT.read_text())["tool"]["importlinter"]["contracts"]
    rows = next(one["layers"] for one in contracts if one["type"] == "layers")
    found = [re.findall(r"wagtail_cohorts\.(\w+)", row) for row in rows]
    return [[room for room in row if (DOCS.parent / "wagtail_cohorts" / room).is_dir()] for row in found]


def rooms_diagram() -> str:
    """The layers as a drawing: an arrow says "may import"; a room may import every room below it."""
    faces, *domain, engine = layers()
    chain = [room for row in domain for room in row]
    lines = [
        "    subgraph faces",
        *[f"        {room}" for room in faces],
        "    end",
        "    subgraph domain",
        *[f"        {upper} --> {lower}" for upper, lower in pairwise(chain)],
        "    end",
        "    subgraph engine",
        f"        {engine[0]}",
        "    end",
        f"    faces --> {chain[0]}",
        f"    {chain[-1]} --> {engine[0]}",
    ]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def rooms_table() -> str:
    """Each room with the first sentence of its docstring, lowest first."""
    rows = []
    for room in reversed([room for row in layers() for room in row]):
        module = import_module(f"wagtail_cohorts.{room}")
        first = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
        rows.append(f"| `{room}` | {first.rstrip('.')} |")
    return "\n".join(["| Room | Owns |", "|---|---|", *rows])


def events_table() -> str:
    """Who hears of which event: at once inside its transaction, or afterwards through a delivery."""
    from wagtail_cohorts.evidence.consumers import consumers_of, known_events, reactions_to

    rows = ["| Event | At once, inside | Afterwards, by delivery |", "|---|---|---|"]
    for event in known_events():
        at_once = [_place(one) for one in reactions_to(event) if _is_ours(one)]
        later = [one.name for one in consumers_of(event) if _is_ours(one.deliver)]
        if at_once or later:
            rows.append(f"| `{event}` | {_code(at_once)} | {_code(later)} |")
    return "\n".join(rows)


def _is_ours(reaction: Callable[..., None]) -> bool:
    """Whether it is the package's; a partial counts as what it calls."""
    return getattr(reaction, "func", reaction).__module__.startswith("wagtail_cohorts.")


def _place(reaction: Callable[..., None]) -> str:
    return f"{reaction.__module__.split('.')[1]}.{reaction.__name__}"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


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


def metrics_reference() -> str:
    from wagtail_cohorts.probes.backlog import GAUGES
    from wagtail_cohorts.watching.metrics import METRICS, PREFIX

    rows = [
        (one.name, "histogram" if one.buckets else "counter", ", ".join(one.labels), one.text)
        for one in METRICS
    ]
    rows += [(name, "gauge", label, text) for name, (label, text) in GAUGES.items()]
    lines = [f"| `{PREFIX}{name}` | {kind} | {labels} | {text} |" for name, kind, labels, text in rows]
    return "\n".join(["| Metric | Kind | Labels | What |", "|---|---|---|---|", *lines])


PARTS: dict[str, Callable[[], str]] = {
    "rooms": rooms_diagram,
    "what rooms own": rooms_table,
    "events": events_table,
    "settings": settings_reference,
    "flags": flags_reference,
    "metrics": metrics_reference,
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
