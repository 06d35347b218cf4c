"""Certificates that an authority of its own issued, for tests of seals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from wagtail_cohorts.pdf import Credentials
from wagtail_cohorts.pdf.credentials import PrivateKey


def issued(key: PrivateKey) -> Credentials:
    """A certificate for the key, with the authority that issued it as its chain."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = certificate_of(authority_key, "Authority", issuer="Authority", issuer_key=authority_key)
    own = certificate_of(key, "College", issuer="Authority", issuer_key=authority_key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Credentials(own.public_bytes(Encoding.PEM), pem, (authority.public_bytes(Encoding.PEM),))


def certificate_of(key: PrivateKey, name: str, *, issuer: str, issuer_key: PrivateKey) -> x509.Certificate:
    named = {word: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, word)]) for word in (name, issuer)}
    builder = x509.CertificateBuilder(
        named[issuer], named[name], key.public_key(), x509.random_serial_number()
    )
    builder = builder.not_valid_before(datetime.now(UTC) - timedelta(days=1))
    builder = builder.not_valid_after(datetime.now(UTC) + timedelta(days=30))
    is_authority = x509.BasicConstraints(ca=key is issuer_key, path_length=None)
    return builder.add_extension(is_authority, critical=True).sign(issuer_key, hashes.SHA256())
