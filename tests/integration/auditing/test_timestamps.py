"""Timestamps by an authority on this machine, which OpenSSL plays."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.prepared import prepare
from tests.visits import BEGUN
from workflow.auditing import timestamps
from workflow.auditing.log import Log
from workflow.clock import SetClock
from workflow.model.errors import InvalidInput, Unavailable
from workflow.store.database import Database

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = ours
[ours]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """An authority with a root, and a certificate to stamp with, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root.pem"
        (folder / "serial").write_text("01\n")
        for name in ("root", "tsa"):
            (folder / f"{name}.cnf").write_text(CONFIG.format(name=name, folder=folder))
        self.run("req -x509 -new -newkey ed25519 -nodes -keyout root.key -out root.pem -days 30"
                 " -config root.cnf -extensions root")  # fmt: skip
        self.run("req -new -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -config tsa.cnf")
        self.run("x509 -req -in tsa.csr -CA root.pem -CAkey root.key -set_serial 2 -out tsa.pem"
                 " -days 30 -extfile tsa.cnf -extensions stamping")  # fmt: skip

    def run(self, command: str) -> None:
        """Run a command of OpenSSL."""
        words = ["openssl", *command.split()]
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)

    def answer(self, query: bytes) -> bytes:
        """Return the answer to a query."""
        (self.folder / "query").write_bytes(query)
        self.run("ts -reply -config tsa.cnf -section ours -queryfile query -signer tsa.pem"
                 " -inkey tsa.key -out reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return an authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


@contextmanager
def serving(authority: Authority, *, spoilt: bool = False) -> Iterator[str]:
    """Serve an authority; yield its address. A spoilt one answers the query before."""
    before = [authority.answer(timestamp_query(b"other"))] if spoilt else []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(before[0] if before else authority.answer(query))

        def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (its name)
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def timestamp_query(message: bytes) -> bytes:
    from rfc3161_client import TimestampRequestBuilder

    return TimestampRequestBuilder().data(message).build().as_bytes()


def test_an_authority_confirms_the_head_of_the_log(authority: Authority, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'x.db'}")) as database:
        prepare(database)
        log = Log(database, SetClock(BEGUN))
        with serving(authority) as url:
            made = log.timestamp(url, roots=authority.root, beside=tmp_path / "anchors.txt")
        (kept,) = log.anchors()
    assert (kept.kind, kept.place, kept.checkpoint) == ("timestamp", url, made.checkpoint)
    assert (tmp_path / "anchors.txt.0.note").read_text() == made.checkpoint.note
    assert (tmp_path / "anchors.txt.0.tsr").read_bytes() == kept.receipt
    assert kept.receipt is not None
    roots = timestamps.read_roots(authority.root)
    timestamps.check(kept.receipt, made.checkpoint.note.encode(), roots=roots)
    with pytest.raises(InvalidInput, match="the timestamp is not right: Mismatch between messages"):
        timestamps.check(kept.receipt, b"another message", roots=roots)


def test_an_answer_to_another_question_is_refused(authority: Authority) -> None:
    roots = timestamps.read_roots(authority.root)
    with (
        serving(authority, spoilt=True) as url,
        pytest.raises(InvalidInput, match="the timestamp is not right: "),
    ):
        timestamps.fetch(url, b"message", roots=roots)


def test_an_authority_that_is_not_believed_is_refused(authority: Authority, tmp_path: Path) -> None:
    roots = timestamps.read_roots(Authority(tmp_path).root)
    with serving(authority) as url, pytest.raises(InvalidInput, match="is not right"):
        timestamps.fetch(url, b"message", roots=roots)


def test_what_stands_in_the_way_is_said(authority: Authority, tmp_path: Path) -> None:
    roots = timestamps.read_roots(authority.root)
    with pytest.raises(
        Unavailable, match=r"the timestamp authority http://127\.0\.0\.1:9/ is away"
    ):
        timestamps.fetch("http://127.0.0.1:9/", b"message", roots=roots)
    with pytest.raises(
        InvalidInput, match=r'"ftp://tsa\.example" is not the address of an authority'
    ):
        timestamps.fetch("ftp://tsa.example", b"message", roots=roots)
    with pytest.raises(Unavailable, match=r"cannot read .*none\.pem: No such file"):
        timestamps.read_roots(tmp_path / "none.pem")
    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(InvalidInput, match=r"there is no certificate \(PEM\) in .*empty\.pem"):
        timestamps.read_roots(tmp_path / "empty.pem")


def test_without_the_package_the_way_to_it_is_shown() -> None:
    code = (
        "import sys; sys.modules['rfc3161_client'] = None\n"
        "from workflow.auditing import timestamps\n"
        "try: timestamps.fetch('https://tsa.example', b'', roots=[])\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said = "timestamps need one more package: pip install 'peer-challenge[timestamp]'\n"
    assert done.stdout == said
