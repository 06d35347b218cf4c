"""Runs one benchmark in a site of its own and prints what it measured."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from benchmarks.scratch import scratch_site


def main() -> None:
    options = _parser().parse_args()
    with scratch_site(options.database):
        result = options.run(options)
    if options.json:
        print(json.dumps(result, indent=2))
        return
    for name, value in result.items():
        print(f"{name:<24} {value}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    signing = commands.add_parser("bulk_signing", help="A sponsor signs a cohort; then it is sealed.")
    signing.add_argument("--students", type=int, default=50)
    signing.add_argument("--documents", type=int, default=3, choices=(1, 2, 3))
    signing.set_defaults(run=_bulk_signing)
    pages = commands.add_parser("pages", help="Pages of staff, beside a stock Wagtail listing.")
    pages.add_argument("--repeat", type=int, default=15, help="Timed requests a page; the median is told.")
    pages.set_defaults(run=_pages)
    for command in (signing, pages):
        command.add_argument("--json", action="store_true", help="Print one JSON object.")
        command.add_argument(
            "--database", default="", help="postgres://user:password@host:port/name; default: SQLite."
        )
    return parser


def _bulk_signing(options: Any) -> dict[str, Any]:
    from benchmarks.bulk_signing import measure

    return measure(students=options.students, documents=options.documents)


def _pages(options: Any) -> dict[str, Any]:
    from benchmarks.pages import measure

    return measure(repeat=options.repeat)


if __name__ == "__main__":
    sys.exit(main())
