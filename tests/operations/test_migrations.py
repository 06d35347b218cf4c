"""Migrations go forward, back to zero and forward again, and leave nothing to be made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def manage(*arguments: str, database: str, **env: str) -> str:
    """A management command in a process of its own, with the real migrations."""
    settings = {
        "DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        **env,
    }
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(
        command, env={**os.environ, **settings}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("auto_field", ["BigAutoField", "AutoField"])
def test_no_migration_is_missing(auto_field: str) -> None:
    check = "from django.conf import settings; settings.DEFAULT_AUTO_FIELD = 'django.db.models.{}'; "
    check += "import django; django.setup(); from django.core.management import call_command; "
    check += "call_command('makemigrations', 'wagtail_cohorts', check=True, dry_run=True)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE": "sqlite:///:memory:"}
    done = subprocess.run(
        [sys.executable, "-c", check.format(auto_field)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_migrations_ask_for_no_more_of_wagtail_than_its_oldest_supported_version_has() -> None:
    last_of_7_4 = "0097_baselogentry_uuid_action_timestamp_indexes"
    text = "".join(file.read_text() for file in (ROOT / "wagtail_cohorts" / "migrations").glob("0*.py"))
    asked = re.findall(r'\("wagtailcore", "([0-9]{4}_[a-z0-9_]+)"\)', text)
    assert asked
    assert [name for name in asked if name > last_of_7_4] == []


@pytest.mark.slow
def test_migrations_reverse_to_zero_and_go_forward_again(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'migrations.sqlite3'}"
    manage("migrate", "--verbosity", "0", database=database)
    manage("migrate", "wagtail_cohorts", "zero", "--verbosity", "0", database=database)
    listed = manage("showmigrations", "wagtail_cohorts", database=database)
    assert "[ ]" in listed and "[X]" not in listed
    manage("migrate", "wagtail_cohorts", "--verbosity", "0", database=database)
    listed = manage("showmigrations", "wagtail_cohorts", database=database)
    assert "[X]" in listed and "[ ]" not in listed
