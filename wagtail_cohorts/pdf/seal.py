"""The institution's seal: a PAdES B-B signature over the whole file (ETSI EN 319 142-1).

Files of this package's own making get it from `increment` and `cms`, which have everything but the digest ready. All
others, such as those of other programs, go through pyHanko.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeVar

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .cms import Container, signature_value
from .credentials import Credentials, PrivateKey, from_pkcs12, generate
from .errors import PdfError, SealError
from .increment import FIELD_NAME, sealed, written
from .limits import MADE
from .reader import check_bytes

__all__ = ["FIELD_NAME", "Credentials", "Sealer", "from_pkcs12", "generate"]

_ROOM = 8192  # characters of hexadecimal kept for the signature, besides the certificates
_T = TypeVar("_T")


class _CachedSigner(signers.SimpleSigner):
    """Signs with a key object that was loaded and checked once, not at each signature."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, chain: list[x509.Certificate]) -> None:
        self._key = key
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(_asn1(item) for item in chain)
        der = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        super().__init__(
            signing_cert=_asn1(certificate), signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        if digest_algorithm != "sha256":
            raise SealError("bad_digest", f"Seals use SHA-256, not {digest_algorithm}.")
        return signature_value(self._key, data)


class Sealer:
    """Seals any number of files with one key, loaded and checked once. SealError for bad credentials."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = credentials
        try:
            chain = [x509.load_pem_x509_certificate(pem) for pem in credentials.chain]
        except ValueError as error:
            raise SealError("bad_certificate", "A certificate of the chain cannot be read.") from error
        self._not_before = credentials.certificate.not_valid_before_utc
        self._not_after = credentials.not_after
        key = credentials.key()
        self._container = Container(key, credentials.certificate, chain)
        self._signer = _CachedSigner(key, credentials.certificate, chain)
        size = sum(
            len(item.public_bytes(serialization.Encoding.DER)) for item in [credentials.certificate, *chain]
        )
        self._room = _ROOM + 2 * size

    def seal(self, data: bytes, *, reason: str, location: str, moment: datetime | None = None) -> bytes:
        """The file with an invisible signature over all of it, after which no change is allowed (DocMDP 1).

        `moment` is the stated signing time, now if not given. Raises PdfRefused for what is no PDF, SealError
        for a PDF that cannot be sealed (one with an earlier signature) or a certificate not valid then.
        """
        check_bytes(data, MADE)
        moment = (moment or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        if not self._not_before <= moment <= self._not_after:
            raise SealError("certificate_expired", f"The certificate is not valid on {moment:%Y-%m-%d}.")
        file = written(data)
        if file is not None:
            return sealed(data, file, self._container, reason=reason, location=location, moment=moment)
        try:
            return run(self._sealed(data, reason, location, moment))
        except PdfError:
            raise
        except Exception as error:
            raise SealError(
                "cannot_seal", "The PDF cannot be sealed. It may be damaged or already signed."
            ) from error

    async def _sealed(self, data: bytes, reason: str, location: str, moment: datetime) -> bytes:
        writer = IncrementalPdfFileWriter(BytesIO(data))
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES, reason=reason, location=location,
            cades_signed_attr_spec=CAdESSignedAttrSpec(),
        )  # fmt: skip
        signer = signers.PdfSigner(metadata, self._signer, new_field_spec=SigFieldSpec(FIELD_NAME))
        session = signer.init_signing_session(writer)
        session.system_time = moment
        prepared = session.prepare_tbs_document(
            validation_info=None, bytes_reserved=self._room, appearance_text_params=None
        )
        output = BytesIO()
        digest, _ = prepared.digest_tbs_document(output=output)
        attributes = PdfCMSSignedAttributes(cades_signed_attrs=metadata.cades_signed_attr_spec)
        await prepared.perform_signature(
            document_digest=digest.document_digest, pdf_cms_signed_attrs=attributes
        )
        return output.getvalue()


def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end; where an event loop is running already, in a thread of its own."""
    if not _loop_is_running():
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
