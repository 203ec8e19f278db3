"""The certificates in the header of what the App Store signs (`x5c`), followed to a root this server trusts.

Source: RFC 7515, 4.1.6; Apple, "App Store Server API", JWSDecodedHeader. A root issues certificates for many
purposes, some of them to other companies; the two marks below say that these sign for the App Store.
"""

import base64
import binascii
from collections.abc import Collection
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

SIGNS_PURCHASES = x509.ObjectIdentifier("1.2.840.113635.100.6.11.1")
ISSUES_FOR_DEVELOPERS = x509.ObjectIdentifier("1.2.840.113635.100.6.2.1")
_CHAIN = 3
"""Leaf, intermediate, root, as Apple sends it."""


class Untrusted(ValueError):
    """The chain does not lead from the signer to a trusted root."""


def _certificates(sent: Any) -> list[x509.Certificate]:
    """Return the certificates of a header, the signer's first. Errors: `Untrusted`."""
    if not isinstance(sent, list) or len(sent) != _CHAIN:
        raise Untrusted("there are not three certificates")
    if not all(isinstance(one, str) for one in sent):
        raise Untrusted("a certificate is not text")
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(one, validate=True)) for one in sent]
    except (ValueError, binascii.Error, x509.InvalidVersion) as error:
        raise Untrusted("a certificate cannot be read") from error


def _check_mark(certificate: x509.Certificate, mark: x509.ObjectIdentifier) -> None:
    try:
        certificate.extensions.get_extension_for_oid(mark)
    except (x509.ExtensionNotFound, ValueError) as error:
        raise Untrusted("a certificate is for another purpose") from error


def _may_sign(_policy: Any, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.digital_signature:
        raise ValueError("the key may not sign")


def _verify(leaf: x509.Certificate, issuer: x509.Certificate, roots: Collection[Any], now: datetime) -> None:
    """Follow the chain; the root it came with does not count. Errors: `Untrusted`."""
    leaf_policy = ExtensionPolicy.permit_all().require_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign)
    policy = PolicyBuilder().store(Store(list(roots))).time(now).max_chain_depth(1)
    policy = policy.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=leaf_policy)
    try:
        policy.build_client_verifier().verify(leaf, [issuer])
    except (VerificationError, UnsupportedAlgorithm, ValueError) as error:
        raise Untrusted(str(error)) from error


def signer(sent: Any, roots: Collection[x509.Certificate], now: datetime) -> ec.EllipticCurvePublicKey:
    """Return the key of the first certificate of an `x5c`, if all of it is trusted. Errors: `Untrusted`."""
    leaf, issuer, _ = _certificates(sent)
    _verify(leaf, issuer, roots, now)
    _check_mark(leaf, SIGNS_PURCHASES)
    _check_mark(issuer, ISSUES_FOR_DEVELOPERS)
    key = leaf.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Untrusted("the key is of another kind")
    return key
