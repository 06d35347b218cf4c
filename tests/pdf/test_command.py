from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import wagtail_cohorts.pdf as engine
from tests.pdf.samples import one_page
from wagtail_cohorts.pdf import FieldError, FieldsError, PdfRefused, Problem, Sealer, generate
from wagtail_cohorts.pdf.__main__ import main


def test_inspect_prints_what_the_file_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(one_page())
    assert main(["inspect", str(tmp_path / "a.pdf")]) == 0
    assert json.loads(capsys.readouterr().out)["pages"][0]["width"] == 595


def test_verify_says_by_its_exit_code_whether_all_is_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    credentials = generate("College", common_name="Seal")
    (tmp_path / "a.pdf").write_bytes(Sealer(credentials).seal(one_page(), reason="r", location="l"))
    (tmp_path / "ca.pem").write_bytes(credentials.certificate_pem)
    assert main(["verify", str(tmp_path / "a.pdf")]) == 1
    assert main(["verify", str(tmp_path / "a.pdf"), "--trusted", str(tmp_path / "ca.pem")]) == 0
    capsys.readouterr()
    (tmp_path / "b.pdf").write_bytes(b"nothing")
    assert main(["verify", str(tmp_path / "b.pdf")]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "not_a_pdf"
    assert main(["inspect", str(tmp_path / "missing.pdf")]) == 2


def test_the_engine_never_imports_django() -> None:
    code = "import sys, wagtail_cohorts.pdf; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_public_names_are_pinned() -> None:
    assert sorted(engine.__all__) == [
        "ACTIVE_WORDS", "Cell", "Cleaned", "Credentials", "DEFAULT", "Field", "FieldError", "FieldsError",
        "ImageInfo", "Inspection", "Limits", "Marks", "Option", "Page", "PageGeometry", "PdfError", "PdfRefused",
        "Problem", "SealError", "SealReport", "Sealer", "Template", "check_image", "clean", "clean_value",
        "compile", "engine_version", "fill", "from_pkcs12", "generate", "input_fields", "inspect", "join",
        "mark_fields", "mark_from_data_url", "mark_from_png", "mark_from_text", "missing_glyphs", "page_image",
        "page_sizes", "parse_fields", "photo_to_pdf", "roles_with_fields", "rules", "sa_identity", "verify",
    ]  # fmt: skip
    assert all(hasattr(engine, name) for name in engine.__all__)


def test_errors_travel_between_processes() -> None:
    import pickle

    for error in (
        PdfRefused("a", "A."),
        FieldError("b", "B.", "key"),
        FieldsError((Problem(0, "x", "X."),)),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
