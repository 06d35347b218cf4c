"""Running a program of this folder in short form, as a process of its own.

Times are generous there: the machine that runs the tests does other things too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def run(program: str, *arguments: str) -> dict[str, Any]:
    """The program's report; its exit code says that no promise is broken."""
    command = [sys.executable, "-m", f"tests.reliability.{program}", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=580, check=False)
    assert done.stdout, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, report
    return report


def needs(*names: str) -> pytest.MarkDecorator:
    missing = [name for name in names if not os.environ.get(name)]
    return pytest.mark.skipif(bool(missing), reason=f"{' and '.join(missing)} name no server")
