"""The engine's own certificate authority and the certificate it serves with.

As on the real engine, clients are given the authority's certificate and verify the server with it.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store

ALWAYS = ("localhost", "127.0.0.1", "::1")
WILDCARDS = ("", "0.0.0.0", "::")
LIFETIME = timedelta(days=3650)


@dataclass(frozen=True)
class Pki:
    """Certificates and the server's key as PEM texts; ``names`` are the hosts the server's certificate is good for."""

    ca_certificate: str
    ca_key: str
    certificate: str
    key: str
    names: tuple[str, ...]


def obtain(store: Store, listen_host: str) -> Pki:
    """The certificates kept in the store, or new ones; an authority that clients trust already signs for a new listen host too."""
    table = store.table("_pki")
    kept = table.get("pki")
    names = hosts(listen_host)
    if kept is not None and set(names) <= set(kept["names"]):
        return Pki(kept["ca_certificate"], kept["ca_key"], kept["certificate"], kept["key"], tuple(kept["names"]))
    made = issue(names, (kept["ca_certificate"], kept["ca_key"]) if kept is not None else None)
    table.save({"id": "pki", "ca_certificate": made.ca_certificate, "ca_key": made.ca_key, "certificate": made.certificate, "key": made.key,
                "names": list(made.names)})
    return made


def hosts(listen_host: str) -> tuple[str, ...]:
    """The names and addresses that clients may use to reach a server that listens on this host."""
    extra = listen_host.strip("[]")
    return ALWAYS if extra in WILDCARDS or extra in ALWAYS else (*ALWAYS, extra)


def issue(names: tuple[str, ...], authority: tuple[str, str] | None = None) -> Pki:
    """A server certificate for the names, signed by the authority (certificate, key) or by a new one."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def subject(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "embedded engine"), x509.NameAttribute(NameOID.COMMON_NAME, name)])

    def usage(**given: bool) -> x509.KeyUsage:
        kinds = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
                 "encipher_only", "decipher_only")
        return x509.KeyUsage(**{kind: given.get(kind, False) for kind in kinds})

    def pem(key: ec.EllipticCurvePrivateKey) -> str:
        return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()

    now = datetime.now(timezone.utc)

    def builder(name: str, issuer: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (x509.CertificateBuilder().subject_name(subject(name)).issuer_name(issuer).public_key(public)
                .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1)).not_valid_after(now + LIFETIME)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False))

    if authority is not None:
        ca = x509.load_pem_x509_certificate(authority[0].encode())
        loaded = serialization.load_pem_private_key(authority[1].encode(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        ca_key = loaded
    else:
        ca_key = ec.generate_private_key(ec.SECP256R1())
        name = f"authority {x509.random_serial_number() % 10**6:06d}"
        ca = (builder(name, subject(name), ca_key.public_key())
              .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
              .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
              .sign(ca_key, hashes.SHA256()))
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (builder(names[-1][:64], ca.subject, key.public_key())
                   .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
                   .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                   .add_extension(usage(digital_signature=True), critical=True)
                   .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
                   .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
                   .sign(ca_key, hashes.SHA256()))
    return Pki(ca.public_bytes(serialization.Encoding.PEM).decode(), pem(ca_key),
               certificate.public_bytes(serialization.Encoding.PEM).decode(), pem(key), names)


def _general_name(host: str):  # type: ignore[no-untyped-def]
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return x509.DNSName(host)


def context(pki: Pki) -> ssl.SSLContext:
    """A server context; the key is on disk only while OpenSSL reads it, in a directory of our own."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory(prefix="engine-tls-") as folder:
        path = os.path.join(folder, "server.pem")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(pki.key + pki.certificate + pki.ca_certificate)
        made.load_cert_chain(path)
    return made


def public_resource(pki: Pki, resource: str | None, form: str | None, alias: str | None) -> tuple[str, str]:
    """(content type, text) of a resource of /ovirt-engine/services/pki-resource; ValueError with the engine's words otherwise.

    Source: PKIResourceServlet and PKIResources of the engine.
    """
    if resource is None:
        raise ValueError("Missing resource name")
    own = resource == "engine-certificate"
    if not own and resource not in ("ca-certificate", "qemu-ca-certificate"):
        raise ValueError(f"Resource '{resource}' is invalid")
    certificate = pki.certificate if own else pki.ca_certificate
    form = form or ("X509-PEM" if own else "X509-PEM-CA")
    if form == "X509-PEM-CA":
        return "application/x-x509-ca-cert", certificate
    if form == "X509-PEM":
        return "application/x-x509-cert", certificate
    if form == "OPENSSH-PUBKEY":
        return "text/plain", _openssh(certificate) + f" {alias or 'ovirt-engine'}\n"
    raise ValueError(f"Format '{form}' is invalid")


def _openssh(certificate: str) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    return public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
