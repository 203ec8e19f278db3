"""A certificate authority of our own, in the form of the App Store's: root, intermediate, signer."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from instica_desktop.server.operations.certificates import ISSUES_FOR_DEVELOPERS, SIGNS_PURCHASES

_YEAR = timedelta(days=365)
_USES = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


@dataclass(frozen=True)
class Holder:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def text(self) -> str:
        """The certificate as an `x5c` carries it."""
        return base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode()


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def issue(
    name: str,
    issuer: Holder | None,
    *,
    mark: x509.ObjectIdentifier | None = None,
    authority: bool = False,
    begins: timedelta = -_YEAR,
    ends: timedelta = _YEAR,
    curve: Any = None,
    **uses: bool,
) -> Holder:
    """Issue a certificate; without an issuer it is a root."""
    key = ec.generate_private_key(curve or (ec.SECP384R1() if authority else ec.SECP256R1()))
    now, signing = datetime.now(UTC), issuer.key if issuer else key
    given = uses or ({"key_cert_sign": True, "crl_sign": True} if authority else {"digital_signature": True})
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(issuer.certificate.subject if issuer else _name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(x509.KeyUsage(**{**_USES, **given}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        builder = builder.add_extension(known, critical=False)
    if mark:
        builder = builder.add_extension(x509.UnrecognizedExtension(mark, b"\x05\x00"), critical=False)
    return Holder(builder.sign(signing, hashes.SHA384() if authority else hashes.SHA256()), key)


@dataclass(frozen=True)
class Chain:
    """Root, intermediate and signer."""

    root: Holder
    middle: Holder
    leaf: Holder

    @classmethod
    def new(cls, root: Holder | None = None, *, middle: Any = None, leaf: Any = None) -> "Chain":
        """Make a chain as the App Store has it; `middle` and `leaf` change how those are issued."""
        top = root or issue("Root", None, authority=True)
        middle = {"mark": ISSUES_FOR_DEVELOPERS, "authority": True, **(middle or {})}
        second = issue("Intermediate", top, **middle)
        return cls(top, second, issue("Signer", second, **{"mark": SIGNS_PURCHASES, **(leaf or {})}))

    @property
    def x5c(self) -> list[str]:
        """What the header of a signature carries."""
        return [self.leaf.text, self.middle.text, self.root.text]
