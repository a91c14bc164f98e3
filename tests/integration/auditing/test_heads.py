"""The head of the audit log is told to those outside who keep it, once a day."""

import json
import re
from collections.abc import Iterator
from datetime import time, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notifications.courier import Courier
from notifications.render import Renderer
from notifications.transport import MemoryTransport
from tests.grounds import Ground, opened
from tests.integration.mail.post import SENDER
from workflow.auditing.heads import Heads
from workflow.auditing.log import Log
from workflow.model.errors import NotFound
from workflow.store import meta, outbox
from workflow.store.briefs import brief
from workflow.store.correspondence import preferences
from workflow.store.correspondence.preferences import Rhythm
from workflow.store.outbox import Claimed

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with one visit."""
    with opened(database_url) as ground:
        ground.start()
        yield ground


def test_it_goes_to_each_reader_and_into_the_file_once_a_day(
    ground: Ground, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.txt"
    heads = Heads(ground.database, ground.clock, readers=("2", "3"), file=str(file))
    assert heads.anchor_due(LONDON) == 2
    assert heads.anchor_due(LONDON) == 0
    head = Log(ground.database, ground.clock).checkpoint()
    assert head.note in file.read_text(encoding="utf-8")
    with ground.database.reading() as link:
        rows = link.rows("SELECT id, recipient_id FROM outbox WHERE notice = 'log_head'")
        assert [recipient for _, recipient in rows] == [2, 3]
        said = brief(link, Claimed(rows[0][0], 0, 0, ground.clock.now()))
        assert said.notice_says == head.note
    ground.clock.at += timedelta(days=1)
    assert heads.anchor_due(LONDON) == 0  # the same head is not told again
    ground.start("NOR-27")
    ground.clock.at += timedelta(days=1)
    assert heads.anchor_due(LONDON) == 2


def test_a_head_is_an_anchor_when_its_mail_was_sent_and_not_before(ground: Ground) -> None:
    def anchors() -> list[tuple[int, str, str]]:
        known = Log(ground.database, ground.clock).anchors()
        return [(a.checkpoint.size, a.kind, a.place) for a in known]

    def send(recipient: int) -> None:
        at = ground.clock.now()
        said = {"message_id": f"<{recipient}@x.example>", "subject": "s", "text": "t"}
        with ground.database.writing() as link:
            row = link.row("SELECT id FROM outbox WHERE recipient_id = :id", id=recipient)
            assert row is not None
            claimed = outbox.claim(link, row[0], lease_until=at, at=at)
            assert claimed is not None
            outbox.mark_sent(link, claimed, at=at, **said)

    heads = Heads(ground.database, ground.clock, readers=("2", "3"))
    assert heads.anchor_due(LONDON) == 2
    size = Log(ground.database, ground.clock).checkpoint().size
    heads.anchor_due(LONDON)
    assert anchors() == []
    send(3)
    heads.anchor_due(LONDON)
    assert anchors() == [(size, "mail", "person 3")]
    send(2)
    for _ in range(2):
        heads.anchor_due(LONDON)
        assert anchors() == [(size, "mail", "person 3"), (size, "mail", "person 2")]
    with ground.database.reading() as link:
        assert meta.get(link, meta.LOG_TOLD) is None


@pytest.mark.parametrize("is_digest", [False, True])
def test_what_a_mail_says_can_be_saved_and_checked(
    ground: Ground, tmp_path: Path, *, is_digest: bool
) -> None:
    """By the lines above as its text has them, or as a mail program shows them in its HTML."""
    Heads(ground.database, ground.clock, readers=("2",)).anchor_due(LONDON)
    if is_digest:
        with ground.database.writing() as link:
            preferences.set_rhythm(link, 2, rhythm=Rhythm.DAILY, digest_at=time(0))
            at = ground.clock.now()
            outbox.put(link, unique_key="x/1", notice="weekly_digest", recipient_id=2, at=at)
        ground.clock.at += timedelta(days=1)
    transport = MemoryTransport()
    Courier(ground.database, ground.clock, transport, renderer=Renderer(), sender=SENDER).drain(
        recipient=2
    )
    (message,) = [one for one in transport.messages if "peer-challenge audit verify" in one.text]
    log = Log(ground.database, ground.clock)
    shown = unescape(re.sub(r"</?p.*?>", "\n", message.html))
    for text in (message.text, shown):
        found = re.search(r"\n(\S+\n\d+\n\S+\n\n— .+\n)", text)
        assert found
        assert found[1] == log.checkpoint().note
        saved = tmp_path / "head.txt"
        saved.write_text(found[1], encoding="utf-8")
        assert log.verify(anchors=(saved,)).is_intact


def test_whoever_is_not_known_gets_nothing_and_is_named(ground: Ground) -> None:
    heads = Heads(ground.database, ground.clock, readers=("nobody@else.example",))
    with pytest.raises(NotFound, match=r'there is no person "nobody@else\.example"'):
        heads.anchor_due(LONDON)


def test_what_was_sent_is_entered_once_without_its_words(ground: Ground) -> None:
    heads = Heads(ground.database, ground.clock)
    at = ground.clock.now()
    with ground.database.writing() as link:
        outbox.put(link, unique_key="x/1", notice="weekly_digest", recipient_id=2, at=at)
        ((number,),) = link.rows("SELECT id FROM outbox WHERE unique_key = 'x/1'")
        claimed = outbox.claim(link, number, lease_until=at, at=at)
        assert claimed is not None
        said = {"message_id": "<7@x.example>", "subject": "quokka", "text": "quokka"}
        outbox.mark_sent(link, claimed, at=at, **said)
    assert heads.enter_sent() == 0  # somebody might still be writing
    ground.clock.at += timedelta(hours=1)
    assert [heads.enter_sent(), heads.enter_sent()] == [1, 0]
    with ground.database.reading(is_sealed=True) as link:
        (body,) = [b for (b,) in link.rows("SELECT body FROM entry") if "messages_sent" in b]
    assert json.loads(body)["detail"]["messages"][0]["message_id"] == "<7@x.example>"
    assert "quokka" not in body
