"""An identity provider for the tests of sign-in, as a program of its own."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.conftest import PATIENCE, free_port


@dataclass(frozen=True)
class Provider:
    """A running provider that vouches for its users at the click of a button."""

    issuer: str

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def change(self, subject: str, **claims: object) -> None:
        """Say something else about a user from now on."""
        request = urllib.request.Request(
            f"{self.issuer}/users/{subject}", json.dumps(claims).encode(), {"Content-Type": "application/json"}
        )
        request.method = "PUT"
        urllib.request.urlopen(request).close()


@contextmanager
def running_provider(folder: Path, users: Mapping[str, Mapping[str, object]]) -> Iterator[Provider]:
    """A provider with these users, by subject, and what it claims about each."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    for subject, claims in users.items():
        command += ["--user-claims", json.dumps({"sub": subject, **claims})]
    with (folder / "provider.log").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        provider = Provider(f"http://localhost:{port}")
        _wait(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(20)


def _wait(provider: Provider, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(provider.metadata_url, timeout=2).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the identity provider did not start") from None
            time.sleep(0.1)
        else:
            return
