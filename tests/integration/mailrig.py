"""A real mail server on loopback: Postfix takes mail with STARTTLS and login, Dovecot shows it.

Everything runs from a temporary folder on free ports; no configuration of the machine is read or
changed, and nothing is delivered anywhere else. It needs root, Postfix and Dovecot.
"""

import os
import shutil
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from imap_tools import MailBox, MailMessage

MISSING = (
    "no mail server here: as root, apt-get install --no-install-recommends"
    " postfix dovecot-imapd dovecot-lmtpd, then run again"
)
DOMAIN = "challenge.test"
WORD = "rig-secret"
PROGRAMS = ("postfix", "dovecot", "openssl")
PATH = "/usr/sbin:/sbin:/usr/bin:/bin"

DOVECOT = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
auth_username_format = %Lu
mail_location = maildir:{folder}/maildirs/%d/%n
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
lmtp_save_to_detail_mailbox = no
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
  default_fields = uid=mail gid=mail home={folder}/maildirs/%d/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@{domain}
}}
"""

POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = texthash:{folder}/postfix/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
recipient_delimiter = +
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
default_transport = error:5.1.2 outside delivery disabled
relay_transport = error:5.1.2 outside delivery disabled
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = may
smtpd_error_sleep_time = 0
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
"""

MASTER = """
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class MailRig:
    """A running mail server. Its people are `NAME@challenge.test`, all with one password."""

    folder: Path
    submission: int
    imaps: int

    @property
    def url(self) -> str:
        """Return where mail is handed in, with login."""
        return f"smtp+starttls://programme%40{DOMAIN}:{WORD}@localhost:{self.submission}"

    def mailbox(self, name: str) -> str:
        """Return where somebody's mail is read, with login."""
        return f"imaps://{name}%40{DOMAIN}:{WORD}@localhost:{self.imaps}/INBOX"

    def hand_in(self, message: EmailMessage) -> None:
        """Hand a message in, as a mail program does."""
        with smtplib.SMTP("localhost", self.submission) as client:
            client.starttls(context=self.tls)
            client.login(f"programme@{DOMAIN}", WORD)
            client.send_message(message)

    def stop(self) -> None:
        """Let nothing be handed in any more."""
        _postfix(self.folder, "stop")

    def start(self) -> None:
        """Take mail again."""
        _postfix(self.folder, "start")
        _wait_for(self.submission, self.folder)

    @property
    def tls(self) -> ssl.SSLContext:
        """Return what trusts the server's certificate, and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "cert.pem"))

    def fetch(self, name: str, count: int, *, seconds: float = 20) -> list[MailMessage]:
        """Return the messages of somebody, as soon as there are `count`, in order of arrival."""
        until = time.monotonic() + seconds
        while True:
            with MailBox("localhost", self.imaps, ssl_context=self.tls).login(
                f"{name}@{DOMAIN}", WORD
            ) as box:
                found = list(box.fetch(mark_seen=False))
            if len(found) >= count or time.monotonic() > until:
                return found
            time.sleep(0.1)


def is_possible() -> bool:
    """Return whether a mail server can be run here."""
    return os.geteuid() == 0 and all(shutil.which(name, path=PATH) for name in PROGRAMS)


@contextmanager
def running(names: tuple[str, ...], *, ghosts: tuple[str, ...] = ()) -> Iterator[MailRig]:
    """Run a mail server that knows `names`, and `programme`, who hands mail in.

    It takes mail to `ghosts`, and finds out later that they have no mailbox.
    """
    folder = Path(tempfile.mkdtemp(prefix="rig-"))
    ports = _free_ports("submission", "imaps", "lmtp", "auth")
    dovecot = None
    try:
        _write(folder, ports, ("programme", *names), ghosts=ghosts)
        with (folder / "dovecot.out").open("wb") as output:
            dovecot = subprocess.Popen(
                [_program("dovecot"), "-F", "-c", str(folder / "dovecot.conf")],
                stdout=output,
                stderr=output,
            )
        _postfix(folder, "start")
        for port in ports.values():
            _wait_for(port, folder)
        yield MailRig(folder, ports["submission"], ports["imaps"])
    finally:
        with suppress(subprocess.CalledProcessError):
            _postfix(folder, "stop")
        if dovecot is not None:
            dovecot.terminate()
            dovecot.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mail_rig() -> Iterator[MailRig]:
    """Yield a mail server that lives as long as the test run."""
    if not is_possible():
        pytest.skip(MISSING)
    with running(("peer.one", "peer.two", "manager")) as rig:
        yield rig


def _program(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        raise FileNotFoundError(name)
    return found


def _free_ports(*names: str) -> dict[str, int]:
    probes = [socket.socket() for _ in names]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return dict(zip(names, ports, strict=True))


def _write(
    folder: Path, ports: dict[str, int], names: tuple[str, ...], *, ghosts: tuple[str, ...]
) -> None:
    folder.chmod(0o755)
    for name in ("postfix", "spool", "data", "maildirs", "run"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    shutil.chown(folder / "maildirs", "mail", "mail")
    texts = {
        "dovecot.conf": DOVECOT,
        "postfix/main.cf": POSTFIX,
        "postfix/master.cf": MASTER,
        "postfix/mailboxes": "".join(f"{name}@{DOMAIN} {name}\n" for name in (*names, *ghosts)),
        "users": "".join(f"{name}@{DOMAIN}:{{{{PLAIN}}}}{WORD}::::::\n" for name in names),
    }
    for name, text in texts.items():
        filled = text.format(folder=folder, domain=DOMAIN, **ports)
        (folder / name).write_text(filled.lstrip())
    subprocess.run(
        [
            *(_program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )


def _postfix(folder: Path, verb: str) -> None:
    subprocess.run(
        [_program("postfix"), "-c", str(folder / "postfix"), verb],
        check=True,
        capture_output=True,
        timeout=60,
    )


def _wait_for(port: int, folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    logs = [path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob("*.log"))]
    raise RuntimeError(f"the mail server did not start: {logs}")
