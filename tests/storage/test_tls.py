"""The connection to MySQL: with a bundle of certificates the server must prove who it is."""

import datetime as dt
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url, text

from core.engines.base import Fault, ServiceError
from core.storage.database import Database
from tests.storage.mariadb import Server, running_server

SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """A certificate authority made for one test run."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._own = self._certify(self._name, self._key, authority=True)

    def write_bundle(self, path: Path) -> Path:
        path.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))
        return path

    def write_server(self, folder: Path, address: str) -> tuple[Path, Path]:
        """The server's certificate and key, for 127.0.0.1 or whatever the address is."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        certificate = self._certify(name, key, address=address)
        paths = folder / "cert.pem", folder / "key.pem"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        plain = serialization.NoEncryption()
        pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
        paths[1].write_bytes(key.private_bytes(pem, form, plain))
        return paths

    def _certify(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool = False, address: str | None = None
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        public = self._key.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        )
        if authority:
            builder = builder.add_extension(SIGNS_CERTIFICATES, critical=True)
        if address is not None:
            names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self._key, hashes.SHA256())


@dataclass(frozen=True)
class Secured:
    server: Server
    port: int
    bundle: Path


@pytest.fixture(scope="module", params=["127.0.0.1", "192.0.2.1"])
def secured(request: pytest.FixtureRequest, mariadb_server: Server) -> Iterator[Secured]:
    """A server that speaks TLS, whose certificate is for the address that is asked for."""
    with tempfile.TemporaryDirectory(prefix="viva-") as name, socket.socket() as probe:
        folder = Path(name)
        authority = Authority("Viva test authority")
        bundle = authority.write_bundle(folder / "ca.pem")
        certificate, key = authority.write_server(folder, request.param)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        options = (f"--port={port}", "--bind-address=127.0.0.1", f"--ssl-cert={certificate}", f"--ssl-key={key}")
        with running_server(folder, *options) as server:
            yield Secured(server, port, bundle)


def cipher(secured: Secured, ca: Path) -> str:
    """The cipher that a connection with this bundle uses."""
    with secured.server.new_database() as url:
        by_port = make_url(url).set(host="127.0.0.1", port=secured.port, query={})
        database = Database(by_port.render_as_string(), ca=ca, patience=0.2)
        try:
            with database.read() as session:
                return str(session.execute(text("SHOW STATUS LIKE 'Ssl_cipher'")).one()[1])
        finally:
            database.close()


@pytest.mark.parametrize("secured", ["127.0.0.1"], indirect=True)
def test_a_server_that_proves_who_it_is_is_talked_to_in_tls(secured: Secured) -> None:
    assert cipher(secured, secured.bundle) != ""


@pytest.mark.parametrize("secured", ["127.0.0.1"], indirect=True)
def test_a_certificate_of_another_authority_is_refused(secured: Secured, tmp_path: Path) -> None:
    other = Authority("Somebody else").write_bundle(tmp_path / "other.pem")
    with pytest.raises(ServiceError, match="prove who it is") as caught:
        cipher(secured, other)
    assert (caught.value.kind, caught.value.retryable) == (Fault.UNAVAILABLE, False)


@pytest.mark.parametrize("secured", ["192.0.2.1"], indirect=True)
def test_a_certificate_for_another_address_is_refused(secured: Secured) -> None:
    with pytest.raises(ServiceError, match="prove who it is") as caught:
        cipher(secured, secured.bundle)
    assert (caught.value.kind, caught.value.retryable) == (Fault.UNAVAILABLE, False)


def test_a_server_without_tls_is_refused(mariadb_server: Server, tmp_path: Path) -> None:
    bundle = Authority("Viva test authority").write_bundle(tmp_path / "ca.pem")
    with mariadb_server.new_database() as url:
        database = Database(url, ca=bundle, patience=0.2)
        with pytest.raises(ServiceError, match="prove who it is") as caught:
            database.ready()
        assert (caught.value.kind, caught.value.retryable) == (Fault.UNAVAILABLE, False)
        database.close()
