"""Certificates for `localhost`, made for the run of the tests."""

import ssl
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Certificate:
    """A certificate with its key, in one file of `folder`."""

    folder: Path
    name: str = "ours"

    @cached_property
    def path(self) -> Path:
        """Return the file, which is made when it is first asked for."""
        key, cert, both = (self.folder / f"{self.name}.{kind}" for kind in ("key", "crt", "pem"))
        command = [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(key), "-out", str(cert), "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
        ]
        subprocess.run(command, check=True, capture_output=True)
        both.write_bytes(key.read_bytes() + cert.read_bytes())
        return both

    @cached_property
    def served(self) -> ssl.SSLContext:
        """Return what a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """Return what trusts this certificate, and no other."""
        return ssl.create_default_context(cafile=str(self.path))

    @cached_property
    def another(self) -> "Certificate":
        """Return one of the same name that nobody trusts."""
        return Certificate(self.folder, "another")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Return a certificate for `localhost`."""
    return Certificate(tmp_path_factory.mktemp("tls"))
