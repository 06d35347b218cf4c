"""The seal that this package writes itself, judged by others: pyHanko, poppler, OpenSSL, pypdf."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.pdf.certificates import issued
from tests.pdf.samples import filled_agreement, one_page
from wagtail_cohorts.pdf import (
    Credentials,
    PdfRefused,
    Sealer,
    SealError,
    generate,
    verify,
)
from wagtail_cohorts.pdf.credentials import PrivateKey
from wagtail_cohorts.pdf.increment import written

MOMENT = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
SEALER = Sealer(generate("A", common_name="A"))
KEYS: dict[str, Callable[[], PrivateKey]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA-2048": lambda: rsa.generate_private_key(65537, 2048),
}


@pytest.fixture
def document() -> bytes:
    return filled_agreement()


@pytest.fixture(scope="module", params=KEYS)
def credentials(request: pytest.FixtureRequest) -> Credentials:
    return issued(KEYS[request.param]())


def test_every_kind_of_key_makes_a_seal_that_others_accept(
    document: bytes, credentials: Credentials, tmp_path: Path
) -> None:
    sealer = Sealer(credentials)
    for _turn in range(5):  # an ECDSA signature is now and then a byte shorter
        data = sealer.seal(document, reason="Einverstanden – ṱ", location="Pretoria", moment=MOMENT)
        (report,) = verify(data, [credentials.certificate_pem])
        assert (report.problem, report.intact, report.whole_file, report.trusted) == ("", True, True, True)
        assert (report.field, report.signed_at) == ("InstitutionSeal", MOMENT)
    assert data.startswith(document) and len(data) - len(document) < 8_000
    if shutil.which("pdfsig"):
        (tmp_path / "sealed.pdf").write_bytes(data)
        command = ["pdfsig", tmp_path / "sealed.pdf"]
        said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid" in said and "Total document signed" in said


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_openssl_reads_the_container_and_agrees(
    document: bytes, credentials: Credentials, tmp_path: Path
) -> None:
    data = Sealer(credentials).seal(document, reason="r", location="", moment=MOMENT)
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]/Contents <([0-9a-f]+)>", data)
    assert found is not None
    before, after, rest = (int(found[group]) for group in (1, 2, 3))
    assert data[before : before + 1] == b"<" and data[after - 1 : after] == b">" and after + rest == len(data)
    (tmp_path / "content").write_bytes(data[:before] + data[after:])
    (tmp_path / "ca.pem").write_bytes(credentials.chain[0])
    (tmp_path / "container").write_bytes(bytes.fromhex(found[4].decode()))
    command = [
        "openssl",
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        "container",
        "-content",
        "content",
        "-binary",
    ]
    done = subprocess.run(
        [*command, "-cades", "-CAfile", "ca.pem", "-purpose", "any", "-out", "out"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_only_the_catalog_the_first_page_and_two_new_objects_are_in_the_new_revision(document: bytes) -> None:
    data = Sealer(generate("A", common_name="A")).seal(document, reason="", location="", moment=MOMENT)
    before, after = PdfReader(io.BytesIO(document)), PdfReader(io.BytesIO(data))
    assert data[len(document) :].count(b" 0 obj\n") == 4
    assert [page.extract_text() for page in after.pages] == [page.extract_text() for page in before.pages]
    assert after.trailer["/ID"][0] == before.trailer["/ID"][0] != after.trailer["/ID"][1]
    assert "/Reason" not in after.pages[0]["/Annots"][0]["/V"]


def test_the_same_seal_at_the_same_moment_differs_in_its_signature_alone(document: bytes) -> None:
    """An ECDSA signature is random, all around it is not."""
    sealer = Sealer(generate("A", common_name="A"))
    first, second = (sealer.seal(document, reason="r", location="l", moment=MOMENT) for _ in range(2))
    empty = re.compile(rb"/Contents <[0-9a-f]+>")
    assert first != second and empty.sub(b"", first) == empty.sub(b"", second)


def test_other_files_are_left_to_the_general_way(document: bytes) -> None:
    assert written(document) is not None
    assert written(one_page()) is None
    for old, new in (
        (b"/Type /Catalog", b"/AcroForm<<>>/Type /Catalog"),
        (b"/Size ", b"/Size 9"),
        (b"startxref\n", b"startxref\n9"),
        (b"%%EOF\n", b"%%EOF\n\n"),
        (b"0000000000 65535 f \n", b"000000000x 65535 f \n"),
        (b"/Kids [", b"/Kids [9999999 0 R "),
        (b"/Pages ", b"/Pages 99"),
    ):
        assert old in document
        assert written(document.replace(old, new)) is None, old


@settings(max_examples=300, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.binary(max_size=30), st.integers(0, 40)), min_size=1, max_size=4
    )
)
def test_a_changed_file_is_sealed_or_refused_and_never_a_fault(cuts: list[tuple[float, bytes, int]]) -> None:
    data = filled_agreement()
    for place, piece, length in cuts:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    if written(data) is not None:
        assert SEALER.seal(data, reason="r", location="l", moment=MOMENT).startswith(data)
        return
    with suppress(SealError, PdfRefused):
        SEALER.seal(data, reason="r", location="l", moment=MOMENT)
