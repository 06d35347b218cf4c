"""The signature container of a PAdES seal, made from parts that are prepared once for a key.

A CMS SignedData (RFC 5652) without content, as ETSI EN 319 122-1 and EN 319 142-1 (baseline level B-B) ask for: content
type, message digest and the certificate's hash are signed (RFC 5035); the time stands in the PDF. Only the digest and
the signature value differ from file to file.
"""

from __future__ import annotations

import hashlib

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

from .credentials import PrivateKey

_SEQUENCE, _SET, _OCTETS, _FIRST = (
    0x30,
    0x31,
    0x04,
    0xA0,
)  # identifier octets (X.690, 8.1.2); [0], constructed
_SIGNED_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
_DIGEST = bytes(range(200, 232))
"""Stands for the digest until there is one."""


class Container:
    """Makes the containers of one key. ``size`` is the most bytes that one can have."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, chain: list[x509.Certificate]) -> None:
        self._key = key
        ders = [one.public_bytes(serialization.Encoding.DER) for one in [certificate, *chain]]
        own = asn1.Certificate.load(ders[0])
        self._before, _, self._after = _signed_attributes(ders[0]).partition(_DIGEST)
        version = core.Integer(1).dump()
        digest = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
        name = cms.IssuerAndSerialNumber({"issuer": own.issuer, "serial_number": own.serial_number})
        self._signer = version + cms.SignerIdentifier({"issuer_and_serial_number": name}).dump() + digest
        kind = "sha256_ecdsa" if isinstance(key, ec.EllipticCurvePrivateKey) else "sha256_rsa"
        self._algorithm = algos.SignedDigestAlgorithm({"algorithm": kind}).dump()
        content = cms.EncapsulatedContentInfo({"content_type": "data"}).dump()
        self._head = version + _tagged(_SET, digest) + content + _tagged(_FIRST, b"".join(ders))
        self.size = len(self._wrapped(bytes(32), bytes(_longest_signature(key))))

    def sign(self, digest: bytes) -> bytes:
        """The DER of the container for a file whose SHA-256 is ``digest`` (32 bytes)."""
        return self._wrapped(digest, signature_value(self._key, self._before + digest + self._after))

    def _wrapped(self, digest: bytes, value: bytes) -> bytes:
        """RFC 5652, 5.3: what is signed as a SET is sent under the tag [0]."""
        attributes = bytes([_FIRST]) + (self._before + digest + self._after)[1:]
        signer = _tagged(_SEQUENCE, self._signer + attributes + self._algorithm + _tagged(_OCTETS, value))
        signed_data = _tagged(_SEQUENCE, self._head + _tagged(_SET, signer))
        return _tagged(_SEQUENCE, _SIGNED_DATA + _tagged(_FIRST, signed_data))


def signature_value(key: PrivateKey, data: bytes) -> bytes:
    """The signature of data's SHA-256, by the way of the key's kind."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hashes.SHA256()))
    return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _signed_attributes(certificate: bytes) -> bytes:
    """The DER of the SET that is signed, with a mark in the digest's place; asn1crypto puts it in DER's order."""
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate).digest()})
    attributes = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [_DIGEST]},
        {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})]},
    ]
    return bytes(cms.CMSAttributes([cms.CMSAttribute(one) for one in attributes]).dump())


def _longest_signature(key: PrivateKey) -> int:
    """Bytes. ECDSA: a SEQUENCE of two INTEGERs that may each need a leading zero (RFC 3279, 2.2.3)."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return 2 * ((key.key_size + 7) // 8 + 4) + 4
    return (key.key_size + 7) // 8


def _tagged(tag: int, content: bytes) -> bytes:
    """One DER element (X.690, 10.1: the length in the fewest octets)."""
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(octets)]) + octets + content
