"""Every program that README names and the nightly run starts can be started."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LINE = re.compile(r"^    (\w+)(?: .*)?$", re.MULTILINE)


def programs() -> list[str]:
    script = (REPOSITORY / ".ci" / "nightly.sh").read_text()
    named = script.partition('runs="')[2].partition('"\n')[0]
    return sorted(set(LINE.findall(named)))


def test_readme_and_the_nightly_run_name_the_same() -> None:
    readme = (REPOSITORY / "README.md").read_text()
    table = readme.partition("`python -m tests.reliability.`")[2].partition("\n\n")[0]
    assert {*re.findall(r"`(\w+)", table)} - {"mariadb", "postgres", "hang", "flush", "plain", "scan"} == {
        *programs()
    }


@pytest.mark.parametrize("program", programs())
def test_it_can_be_started(program: str) -> None:
    command = [sys.executable, "-m", f"tests.reliability.{program}", "--help"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout[:6]) == (0, "usage:"), done.stderr[-2000:]
