"""`python -m wagtail_cohorts.pdf inspect|verify FILE`: the engine's judgement of a file, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .errors import PdfError
from .inspect import inspect
from .verify import verify


def main(arguments: Sequence[str] | None = None) -> int:
    """0: fine; 1: the file is refused, or a signature has a problem; 2: the file cannot be opened."""
    parser = argparse.ArgumentParser(prog="python -m wagtail_cohorts.pdf", description=__doc__)
    parser.add_argument("command", choices=("inspect", "verify"))
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--trusted", type=Path, action="append", default=[], help="a certificate to trust (PEM or DER)"
    )
    options = parser.parse_args(arguments)
    try:
        data = options.file.read_bytes()
        trusted = [path.read_bytes() for path in options.trusted]
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    try:
        found, code = _inspected(data) if options.command == "inspect" else _verified(data, trusted)
    except PdfError as error:
        found, code = {"code": error.code, "message": error.message}, 1
    print(json.dumps(found, indent=2, ensure_ascii=False, default=str))
    return code


def _inspected(data: bytes) -> tuple[Any, int]:
    return asdict(inspect(data)), 0


def _verified(data: bytes, trusted: Sequence[bytes]) -> tuple[Any, int]:
    reports = verify(data, trusted)
    wrong = not reports or any(report.problem for report in reports)
    return [asdict(report) for report in reports], int(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
