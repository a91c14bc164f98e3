"""The head of the audit log is told to those outside who keep it, once a day."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.grounds import Ground, opened
from workflow.auditing.heads import Heads
from workflow.auditing.log import Log
from workflow.model.errors import NotFound
from workflow.store import outbox
from workflow.store.briefs import brief
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
    anchors = Log(ground.database, ground.clock).anchors()
    assert [(a.kind, a.place) for a in anchors][1:] == [("mail", "person 2"), ("mail", "person 3")]
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
