"""The wheel holds what a site needs and nothing else, and works in a plain site after the four steps of the README."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "wagtail_cohorts")
pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path) -> str:
    """In a process that knows nothing of this test run's own settings."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE")
    }
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, env=own, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that no earlier build can leak into it."""
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "dist", ".", cwd=copy)
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`wagtail start`, then the steps of the README."""
    folder = tmp_path_factory.mktemp("site")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=folder)
    run(folder / "venv" / "bin" / "wagtail", "start", "plain", ".", cwd=folder)
    settings = folder / "plain" / "settings" / "base.py"
    apps = 'INSTALLED_APPS = [\n    "wagtail_cohorts",\n    "waffle",\n'
    settings.write_text(settings.read_text().replace("INSTALLED_APPS = [\n", apps))
    urls = folder / "plain" / "urls.py"
    line = '    path("papers/", include("wagtail_cohorts.urls")),\n'
    urls.write_text(urls.read_text().replace("urlpatterns = [\n", f"urlpatterns = [\n{line}", 1))
    run(python, "manage.py", "migrate", "--verbosity", "0", cwd=folder)
    shutil.copytree(REPOSITORY / "tests" / "factories", folder / "tests" / "factories")
    (folder / "tests" / "__init__.py").touch()
    shutil.copy(Path(__file__).parent / "one_document.py", folder)
    return folder


def test_the_readme_has_these_four_steps() -> None:
    text = (REPOSITORY / "README.md").read_text()
    install = text.split("## Install")[1].split("\n## ")[0]
    assert re.findall(r"^(\d)\. ", install, re.M) == ["1", "2", "3", "4"]
    for part in ("pip install wagtail-cohorts", '"wagtail_cohorts"', '"waffle"',
                 'path("papers/", include("wagtail_cohorts.urls")),', "python manage.py migrate"):  # fmt: skip
        assert part in install


def test_the_wheel_has_every_file_of_the_package_and_no_other(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = REPOSITORY / "wagtail_cohorts"
    files = (file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    kept = {str(file.relative_to(REPOSITORY)) for file in files if file.suffix not in (".po", ".pot")}
    assert kept - inside == set()
    assert {name for name in inside if not name.startswith("wagtail_cohorts/")} == set()


def test_a_plain_site_has_no_missing_migration_and_no_failing_check(site: Path) -> None:
    python = site / "venv" / "bin" / "python"
    run(python, "manage.py", "makemigrations", "--check", "--dry-run", "wagtail_cohorts", cwd=site)
    # Wagtail's own start leaves SQLite as Django has it, which W003 warns of; nothing else may be said.
    quiet = "--settings=plain_checks"
    (site / "plain_checks.py").write_text(
        "from plain.settings.dev import *\nSILENCED_SYSTEM_CHECKS = ['wagtail_cohorts.W003']\n"
    )
    run(python, "manage.py", "check", "--fail-level", "WARNING", quiet, cwd=site)


def test_a_plain_site_signs_and_seals_one_document_through_its_worker(site: Path) -> None:
    python = site / "venv" / "bin" / "python"
    worker = (python, "manage.py", "cohorts_worker", "--once")
    run(python, "one_document.py", "sign", cwd=site)
    run(*worker, cwd=site)
    run(python, "one_document.py", "finish", cwd=site)
    run(*worker, cwd=site)
    assert "sealed and intact" in run(python, "one_document.py", "check", cwd=site)
    assert "Everything verifies." in run(python, "manage.py", "cohorts_verify", cwd=site)
