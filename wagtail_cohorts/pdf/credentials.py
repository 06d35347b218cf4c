"""The institution's certificate and key: made here or taken from a PKCS#12 file, and what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from .errors import SealError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_LONGEST_NAME = 64  # X.520 ub-organization-name and ub-common-name
_SMALLEST_RSA = 2048


@dataclass(frozen=True)
class Credentials:
    """A certificate with its private key (both PEM, the key not encrypted) and the certificates above it."""

    certificate_pem: bytes
    key_pem: bytes = field(repr=False)
    chain: tuple[bytes, ...] = ()

    @property
    def certificate(self) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate(self.certificate_pem)
        except ValueError as error:
            raise SealError("bad_certificate", "The certificate cannot be read.") from error

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate in hexadecimal, as `verify` reports it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def not_after(self) -> datetime:
        return self.certificate.not_valid_after_utc

    @property
    def subject(self) -> str:
        return self.certificate.subject.rfc4514_string()

    def key(self) -> PrivateKey:
        """The private key. Loading checks it, which takes long for RSA: keep it. Raises SealError."""
        try:
            key = serialization.load_pem_private_key(self.key_pem, password=None)
        except (ValueError, TypeError) as error:
            raise SealError("bad_key", "The private key cannot be read.") from error
        return checked_key(key, self.certificate)


def generate(organisation: str, *, common_name: str, days: int = 3650) -> Credentials:
    """A new P-256 key with a self-signed certificate for signing documents."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, _name(organisation)),
        x509.NameAttribute(NameOID.COMMON_NAME, _name(common_name)),
    ])  # fmt: skip
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Credentials(_pem(certificate), _key_pem(key))


def from_pkcs12(data: bytes, password: str) -> Credentials:
    """The credentials in a PKCS#12 file (.p12, .pfx). Raises SealError."""
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password.encode() or None)
    except Exception as error:
        raise SealError(
            "bad_pkcs12", "The file cannot be opened: it is damaged, or the password is wrong."
        ) from error
    if key is None or certificate is None:
        raise SealError("bad_pkcs12", "The file must hold a certificate with its private key.")
    own = checked_key(key, certificate)
    return Credentials(_pem(certificate), _key_pem(own), tuple(_pem(other) for other in others))


def checked_key(key: object, certificate: x509.Certificate) -> PrivateKey:
    """The key if it is of a kind that can seal and belongs to the certificate. Raises SealError."""
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise SealError("bad_key", "The key must be an elliptic curve or RSA key.")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < _SMALLEST_RSA:
        raise SealError("bad_key", f"An RSA key needs at least {_SMALLEST_RSA} bits.")
    if _public(key) != _public_of(certificate):
        raise SealError("bad_key", "The private key does not belong to the certificate.")
    return key


def _public(key: PrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.DER, form)


def _public_of(certificate: x509.Certificate) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(serialization.Encoding.DER, form)


def _name(text: str) -> str:
    plain = " ".join(text.split())[:_LONGEST_NAME].strip()
    if not plain:
        raise SealError("no_name", "The certificate needs a name.")
    return plain


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: PrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
