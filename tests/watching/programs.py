"""A Python process of its own, with the test site's settings and a database in its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs to its end; fails the test with what it wrote when it did not end well."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "DATABASE": "", "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done
