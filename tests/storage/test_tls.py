"""The connection to MySQL: with a bundle of certificates the server must prove who it is."""

import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from core.engines.base import Fault, ServiceError
from core.storage.database import Database
from tests.authority import Authority
from tests.storage.mariadb import Server, running_server


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
