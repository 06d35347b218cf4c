"""The wheel in a site that somebody else started, by the steps of docs/how-to/install.md."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


def run(*command: str, cwd: Path, **env: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(command, cwd=cwd, env={**kept, **env}, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, and the dependencies that are here already."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", str(folder), cwd=folder)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    binary = folder / "bin" / "python"
    run(str(binary), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed", str(wheel), cwd=folder)
    return binary


def test_the_wheel_carries_what_runs_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in ("py.typed", "static/wagtail_cohorts/css/public.css", "templates/wagtail_cohorts/portal/base.html",
                 "templates/wagtail_cohorts/email/", "migrations/0001_initial.py", "licenses/LICENSE"):  # fmt: skip
        assert any(part in name for name in names), part
    assert not [name for name in names if name.startswith(("tests/", "example_site/", "benchmarks/", "docs/"))]


def test_install_takes_four_steps_at_most() -> None:
    steps = re.findall(r"^\d+\. ", (ROOT / "docs/how-to/install.md").read_text(), re.MULTILINE)
    assert len(steps) <= 4


def test_one_document_is_signed_and_sealed_in_a_plain_wagtail_site(python: Path, tmp_path: Path) -> None:
    site = tmp_path / "plain"
    site.mkdir()
    start = "import sys; sys.argv[0] = 'wagtail'; from wagtail.bin.wagtail import main; main()"
    run(str(python), "-c", start, "start", "plainsite", str(site), cwd=tmp_path)
    settings = site / "plainsite/settings/base.py"
    text = settings.read_text()
    settings.write_text(text.replace("INSTALLED_APPS = [", 'INSTALLED_APPS = [\n    "wagtail_cohorts",\n    "waffle",', 1))
    urls = site / "plainsite/urls.py"
    urls.write_text(
        urls.read_text().replace(
            "urlpatterns = [", 'urlpatterns = [\n    path("papers/", include("wagtail_cohorts.urls")),', 1
        )
    )
    env = {"DJANGO_SETTINGS_MODULE": "plainsite.settings.dev", "PYTHONPATH": str(site)}
    where = run(str(python), "-c", "import wagtail_cohorts; print(wagtail_cohorts.__file__)", cwd=site, **env)
    assert str(python.parent.parent) in where
    run(str(python), "manage.py", "migrate", "--verbosity", "0", cwd=site, **env)
    run(str(python), "manage.py", "makemigrations", "--check", "--dry-run", "wagtail_cohorts", cwd=site, **env)
    script = (ROOT / "tests/operations/plain_site.py").read_text()
    (site / "walk.py").write_text(script)
    assert "signed and sealed" in run(str(python), "walk.py", cwd=site, **env)
