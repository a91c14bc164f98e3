"""`run` and `web` serve the pages; `run` reads the mailbox; a signal ends all of it soon."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

import pytest

from tests.architecture.tree import ROOT
from tests.integration.cli.desk import Desk
from tests.integration.mailrig import DOMAIN, MailRig, mail_rig

__all__ = ["mail_rig"]  # a fixture

SECONDS = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def working(desk: Desk, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command in a process of its own; it is killed when nobody has stopped it."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import cli; cli.main()", *arguments],
        env={**desk.surroundings(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, or give up."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def get(port: int, path: str) -> str:
    """Return what a page says; nothing while it is not served."""
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return str(answer.read().decode())
    return ""


def stop(process: "subprocess.Popen[str]") -> str:
    """End a process by a signal; return what it said."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    return said


def test_run_serves_the_pages_where_the_site_has_an_address(desk: Desk) -> None:
    port = free_port()
    desk.environment["PEER_CHALLENGE_BASE_URL"] = f"http://127.0.0.1:{port}"
    desk.environment["PEER_CHALLENGE_LISTEN"] = f"127.0.0.1:{port}"
    with working(desk, "run") as process:
        wait_for(lambda: get(port, "/healthz") == "ok")
        assert get(port, "/readyz") == "ready"
        said = stop(process)
    assert f"pages at http://127.0.0.1:{port}, for http://127.0.0.1:{port}" in said
    assert said.rstrip().endswith("stopped; nothing is lost")


def test_web_serves_the_pages_alone(desk: Desk) -> None:
    port = free_port()
    with working(desk, "web", "--listen", f"127.0.0.1:{port}") as process:
        wait_for(lambda: get(port, "/readyz") == "ready")
        assert "open the link in the e-mail that you were sent" in get(port, "/")
        said = stop(process)
    assert said.rstrip().endswith("stopped")


def test_an_address_that_is_taken_is_explained(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        result = desk.type("web", "--listen", listen, code=75)
    assert f"the pages cannot be served at {listen}: Address already in use" in result.stderr
    assert "is not an address to listen at" in desk.type("web", "--listen", "x", code=2).stderr


@pytest.mark.system
@pytest.mark.timed
def test_run_reads_the_mailbox_as_mail_comes_in(desk: Desk, mail_rig: MailRig) -> None:
    desk.environment |= {
        "PEER_CHALLENGE_MAIL_ANSWERS": f"manager@{DOMAIN}",
        "PEER_CHALLENGE_IMAP_URL": mail_rig.mailbox("manager"),
        "SSL_CERT_FILE": str(mail_rig.folder / "cert.pem"),
    }
    with working(desk, "run") as process:
        assert process.stderr is not None
        wait_for(lambda: "running" in process.stderr.readline() if process.stderr else False)
        time.sleep(2)
        mail = EmailMessage()
        mail["From"], mail["To"] = f"peer.one@{DOMAIN}", f"manager@{DOMAIN}"
        mail["Subject"], mail["Message-ID"] = "Hello?", "<nowhere@challenge.test>"
        mail.set_content("Is anybody there?")
        mail_rig.hand_in(mail)
        wait_for(lambda: bool(desk.read("inbox", "list")["mail"]))
        began = time.monotonic()
        stop(process)
        assert time.monotonic() - began < SECONDS / 2
    (found,) = desk.read("inbox", "list")["mail"]
    assert (found["subject"], found["answers"]) == ("Hello?", None)
    assert found["words"] == "Is anybody there?"
    desk.type("inbox", "close", str(found["id"]), "--reason", "wrote back")
    assert "Nothing to see to." in desk.type("inbox", "list").output
