from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    pkcs12,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as pyhanko_fields
from pypdf import PdfReader

from tests.pdf.certificates import issued
from tests.pdf.samples import filled_agreement, one_page
from wagtail_cohorts.pdf import (
    Credentials,
    PdfRefused,
    Sealer,
    SealError,
    from_pkcs12,
    generate,
    verify,
)

MOMENT = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


@pytest.fixture(scope="module")
def credentials() -> Credentials:
    return generate("Test College", common_name="Seal of Test College")


@pytest.fixture(scope="module")
def document() -> bytes:
    return filled_agreement()


@pytest.fixture(scope="module")
def sealed(credentials: Credentials, document: bytes) -> bytes:
    return Sealer(credentials).seal(document, reason="Agreed and sealed", location="Pretoria", moment=MOMENT)


def test_a_seal_is_whole_trusted_and_says_who_and_when(sealed: bytes, credentials: Credentials) -> None:
    (report,) = verify(sealed, [credentials.certificate_pem])
    assert report.intact and report.whole_file and report.trusted
    assert report.problem == report.changes == ""
    assert report.field == "InstitutionSeal" and report.signer == "Seal of Test College, Test College"
    assert report.certificate_sha256 == credentials.fingerprint
    assert report.signed_at == MOMENT


def test_the_sealed_document_starts_with_the_very_bytes_that_were_filled(
    sealed: bytes, document: bytes
) -> None:
    assert sealed.startswith(document)


def test_a_stranger_s_seal_is_intact_but_not_trusted(sealed: bytes) -> None:
    other = generate("Other", common_name="Other").certificate_pem
    for trusted in ([], [other]):
        (report,) = verify(sealed, trusted)
        assert report.intact and report.whole_file and not report.trusted
        assert report.problem == "The signer's certificate is not known here."


@pytest.mark.parametrize("share", [0.001, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_one_changed_byte_is_found(sealed: bytes, credentials: Credentials, share: float) -> None:
    changed = bytearray(sealed)
    at = int(len(sealed) * share)
    while sealed[at] in b"\r\n ":
        at += 1
    changed[at] ^= 1
    reports = verify(bytes(changed), [credentials.certificate_pem])
    assert not reports or not all(report.intact and report.whole_file for report in reports)


def test_bytes_added_at_the_end_are_found(sealed: bytes, credentials: Credentials) -> None:
    (report,) = verify(sealed + b"\n%", [credentials.certificate_pem])
    assert report.intact and not report.whole_file and report.problem


def test_a_later_revision_is_found_and_judged(sealed: bytes, credentials: Credentials) -> None:
    writer, target = IncrementalPdfFileWriter(io.BytesIO(sealed)), io.BytesIO()
    pages = writer.root["/Pages"]["/Kids"]
    pages[0]["/Rotate"] = generic.NumberObject(90)
    writer.mark_update(pages[0].get_container_ref())
    writer.write(target)
    (report,) = verify(target.getvalue(), [credentials.certificate_pem])
    assert report.intact and not report.whole_file
    assert report.problem == report.changes == "The document was changed after it was sealed."


def test_a_harmless_later_revision_is_told_but_no_problem(sealed: bytes, credentials: Credentials) -> None:
    writer, target = IncrementalPdfFileWriter(io.BytesIO(sealed)), io.BytesIO()
    pyhanko_fields.append_signature_field(writer, pyhanko_fields.SigFieldSpec("Later"))
    writer.write(target)
    (report,) = verify(target.getvalue(), [credentials.certificate_pem])
    assert report.intact and not report.whole_file and report.changes and not report.problem


def test_the_seal_is_certified_invisible_and_pades(sealed: bytes) -> None:
    reader = PdfReader(io.BytesIO(sealed))
    widget = reader.pages[0]["/Annots"][0]
    assert widget["/Rect"] == [0, 0, 0, 0] and widget["/T"] == "InstitutionSeal"
    assert widget["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"
    assert widget["/V"]["/Reason"] == "Agreed and sealed" and widget["/V"]["/Location"] == "Pretoria"
    docmdp = reader.root_object["/Perms"]["/DocMDP"]
    assert docmdp["/Reference"][0]["/TransformParams"]["/P"] == 1


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig is not installed")
def test_poppler_agrees(sealed: bytes, tmp_path: Path) -> None:
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    found = subprocess.run(
        ["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" in found and "Total document signed" in found and "ETSI.CAdES" in found


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_qpdf_finds_no_fault(sealed: bytes, document: bytes, tmp_path: Path) -> None:
    for name, data in (("filled", document), ("sealed", sealed)):
        (tmp_path / name).write_bytes(data)
        subprocess.run(["qpdf", "--check", tmp_path / name], capture_output=True, check=True)


def test_sealing_works_inside_a_running_event_loop(credentials: Credentials) -> None:
    async def work() -> bytes:
        return Sealer(credentials).seal(one_page(), reason="", location="")

    assert verify(asyncio.run(work()), [credentials.certificate_pem])[0].problem == ""


def test_an_rsa_key_from_a_pkcs12_file_seals_with_its_chain() -> None:
    key = rsa.generate_private_key(65537, 2048)
    store = pkcs12_file(key)
    loaded = from_pkcs12(store, "pass")
    data = Sealer(loaded).seal(one_page(), reason="r", location="l")
    assert verify(data, [loaded.certificate_pem])[0].problem == ""
    with pytest.raises(SealError, match="password"):
        from_pkcs12(store, "wrong")
    with pytest.raises(SealError):
        from_pkcs12(b"nothing", "")


def test_credentials_tell_their_subject_and_their_end(credentials: Credentials) -> None:
    assert credentials.subject == "CN=Seal of Test College,O=Test College"
    assert credentials.not_after > datetime.now(UTC) + timedelta(days=3000)
    assert b"PRIVATE" not in repr(credentials).encode()


def test_credentials_that_cannot_seal_are_refused(credentials: Credentials) -> None:
    other = generate("Other", common_name="Other")
    for bad in (
        replace(credentials, key_pem=other.key_pem),
        replace(credentials, key_pem=b"nothing"),
        replace(credentials, certificate_pem=b"nothing"),
        replace(credentials, chain=(b"nothing",)),
    ):
        with pytest.raises(SealError):
            Sealer(bad)
    with pytest.raises(SealError, match="not valid on"):
        Sealer(credentials).seal(one_page(), reason="", location="", moment=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(SealError):
        generate(" ", common_name="x")


def test_what_cannot_be_sealed_is_refused(credentials: Credentials, sealed: bytes) -> None:
    sealer = Sealer(credentials)
    with pytest.raises(PdfRefused):
        sealer.seal(b"nothing", reason="", location="")
    for data in (sealed, b"%PDF-1.7 nothing"):
        with pytest.raises(SealError):
            sealer.seal(data, reason="", location="")


def test_verification_of_what_is_not_sealed() -> None:
    assert verify(one_page()) == ()
    with pytest.raises(PdfRefused):
        verify(b"nothing")
    (report,) = verify(b"%PDF-1.7 nothing")
    assert not report.intact and report.problem
    with pytest.raises(SealError):
        verify(one_page(), [b"nothing"])


def pkcs12_file(key: rsa.RSAPrivateKey) -> bytes:
    """A PKCS#12 file with a certificate for the key and the one that issued it."""
    own = issued(key)
    chain = [x509.load_pem_x509_certificate(pem) for pem in own.chain]
    return pkcs12.serialize_key_and_certificates(
        b"seal", key, own.certificate, chain, BestAvailableEncryption(b"pass")
    )
