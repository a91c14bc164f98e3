"""The sink holds a real conversation and keeps exactly what came; the other transports agree."""

import smtplib
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from notifications.mailserver import parse_mail_url
from notifications.message import encode
from notifications.providers.choice import open_transport
from notifications.sink import Sink
from notifications.transport import (
    FolderTransport,
    MemoryTransport,
    SMTPTransport,
    TransportError,
)
from tests.unit.notifications.messages import make_message

DOTS = "first\n.\n..\n.leading\n\n.\nlast\n"


def test_what_arrives_is_to_the_byte_what_was_sent() -> None:
    messages = [make_message(number, text=DOTS, subject="Ŵyn") for number in range(3)]
    with Sink() as sink:
        transport = open_transport(sink.url)
        for message in messages:
            transport.send(message)
        transport.close()
        received = list(sink.received)
    assert [mail.content for mail in received] == [encode(message) for message in messages]
    assert [mail.recipients for mail in received] == [(m.to.address,) for m in messages]
    assert {mail.sender for mail in received} == {"challenges@programme.example"}
    body = received[0].email.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == DOTS
    assert received[0].email["Subject"] == "Ŵyn"


def test_the_sink_knows_the_verbs_of_a_mail_server_and_no_others() -> None:
    with Sink() as sink:
        port = int(sink.url.rpartition(":")[2])
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
            assert client.helo()[0] == 250
            assert client.ehlo()[0] == 250
            assert client.noop()[0] == 250
            assert client.docmd("DATA")[0] == 503
            assert client.docmd("TURN")[0] == 502
            assert client.docmd("_address_in")[0] == 502
            assert client.docmd("MAIL", "FROM:<a@example.test>")[0] == 250
            assert client.docmd("RCPT", "TO:<b@example.test>")[0] == 250
            assert client.rset()[0] == 250
            assert client.docmd("DATA")[0] == 503
        assert sink.received == []


def test_the_sink_refuses_what_is_too_large_and_goes_on() -> None:
    with Sink(most_bytes=10_000) as sink:
        transport = SMTPTransport(parse_mail_url(sink.url))
        with pytest.raises(TransportError, match="552"):
            transport.send(make_message(text="word\n" * 2_000))
        transport.send(make_message(2))
        transport.close()
        assert [mail.recipients for mail in sink.received] == [("peer.2@example.test",)]


def test_a_message_that_breaks_off_is_not_kept() -> None:
    with Sink() as sink:
        port = int(sink.url.rpartition(":")[2])
        client = smtplib.SMTP("127.0.0.1", port, timeout=5)
        client.helo()
        client.docmd("MAIL", "FROM:<a@example.test>")
        client.docmd("RCPT", "TO:<b@example.test>")
        assert client.docmd("DATA")[0] == 354
        client.send("half a mess")
        client.close()
        transport = open_transport(sink.url)
        transport.send(make_message())
        transport.close()
        assert len(sink.received) == 1


def test_a_folder_holds_one_file_a_message_even_when_it_is_sent_again(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "out" / "mail")
    for number in (1, 2, 2):
        transport.send(make_message(number))
    transport.close()
    files = sorted((tmp_path / "out" / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert files[0].read_bytes() == encode(make_message(1))
    parsed = BytesParser(policy=policy.default).parsebytes(files[1].read_bytes())
    assert parsed["To"] == "Peer Four <peer.2@example.test>"
    assert (tmp_path / "out" / "mail").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_to_concerns_all_mail(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(TransportError, match="cannot be written to") as caught:
        FolderTransport(tmp_path / "file" / "mail").send(make_message())
    assert caught.value.is_whole_server


def test_memory_keeps_messages_in_order() -> None:
    transport = MemoryTransport()
    for number in range(3):
        transport.send(make_message(number))
    transport.close()
    assert transport.messages == [make_message(number) for number in range(3)]
