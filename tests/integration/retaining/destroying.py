"""A visit that is closed, with a marker in every text that people can write."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from definitions import loader
from tests.grounds import ADA, Ground, populate
from tests.visits import DIRECTOR, END, MANAGER, TEAM, edited
from workflow.model import commands as c
from workflow.model.records import commands as r
from workflow.retaining.certificates import Certificates
from workflow.retaining.disposals import Disposals
from workflow.retaining.forgetting import Forgetting
from workflow.store import challenges, meta
from workflow.store.correspondence import incoming
from workflow.store.database import Database
from workflow.store.keeping.files import Files
from workflow.store.records.files import enter as keep_file

RULES = """
retention:
  mail:
    title: Mail about the visit
    for: 3 months after signed_off
    then: delete
    review_by: director
    reminders: chase_up
    copies: messages
  words:
    title: What people wrote
    for: 1 year after closed
    then: delete
    review_by: director
    copies: [texts, documents]
  addresses:
    title: Contact details of the visitors
    for: 2 years after closed
    then: delete
    review_by: director
    copies: contact_details
    of: visitors
  visitors_notes:
    title: Notes of the visitors
    held_by: visitors
    starts: signed off or withdrawn
    done_by: destroy_notes
    source: briefing 50
  own_records:
    title: Records of the visit
    held_by: manager
    for: 6 years after closed
    then: delete
    review_by: director
    copies: record
"""
LADDER = """
  chase_up:
    - {when: on opening, to: by, notice: to_do}
"""
EDITS = (
    ("ladders:\n", f"ladders:{LADDER}"),
    ("authority:\n", "authority:\n  approves: director\n  excepts: director\n"),
)
MARKER = "zanzibar-marker"
AFTER = datetime(2027, 4, 1, 9, tzinfo=UTC)
CLOSED_LONG_AGO = datetime(2033, 1, 4, 9, tzinfo=UTC)
_SENT = """
UPDATE outbox SET status = 'sent', sent_at = :at, subject = :body, body = :body,
    message_id = 'm1' WHERE id = (SELECT min(id) FROM outbox)
"""
_ANSWER = """
INSERT INTO answer
    (challenge_id, task, person_id, kind, came_at, body, incoming_id, status, note)
VALUES (:id, 'destroy_notes:5', 5, 'done', :at, :body, :incoming, 'open', '')
"""


def definition_text() -> str:
    """Return the definition of a visit with rules for every kind of copy."""
    text = edited(*EDITS)
    before, _, rest = text.partition("\nretention:\n")
    _, _, after = rest.partition("\nobligations:\n")
    return f"{before}{RULES}\nobligations:\n{after}"


@dataclass
class Site(Ground):
    """A ground whose definition destroys every kind of copy."""

    @property
    def disposals(self) -> Disposals:
        """Return what destroys."""
        return Disposals(self.database, self.clock)

    @property
    def certificates(self) -> Certificates:
        """Return what reads certificates."""
        return Certificates(self.database)

    @property
    def forgetting(self) -> Forgetting:
        """Return what forgets."""
        return Forgetting(self.database, self.clock)

    def approve(self, rule: str, *, reason: str = "") -> None:
        """Let the manager ask to destroy something, and the director approve it."""
        asker = ADA if reason else MANAGER
        self.act(r.RequestDisposal(rule=rule, reason=reason), actor=asker)
        self.act(r.ApproveDisposal(rule=rule), actor=DIRECTOR)

    def close(self) -> "Site":
        """Take the visit to its end, a marker in every text on the way."""
        say = MARKER
        self.done("scope_agreed", "brief_visitor", "call_visitor")
        self.act(c.Advance(trigger="confirm"))
        self.until(END)
        self.done("catch_up", "feedback_given", "evening_meeting")
        self.until(END + timedelta(days=1))
        self.act(self.done_by("draft_checked", TEAM[2][1], say))
        self.act(self.done_by("report_sent", MANAGER, say))
        self.done("comments_in")
        self.act(c.Advance(trigger="sign_off", reason=say))
        self.act(c.PlaceHold(name="FOI 1", reason=say))
        self.act(c.LiftHold(name="FOI 1", reason=say))
        self.done("destroy_notes")
        self.act(c.Advance(trigger="close", reason=say))
        return self

    def done_by(self, spec: str, by: int, evidence: str) -> c.CompleteTask:
        """Return the command that somebody did something, with words of their own."""
        return c.CompleteTask(spec=spec, on=self.clock.at.date(), by=by, evidence=evidence)


def fill(site: Site) -> None:
    """Put markers where people and mail put words: messages, mail that came in, answers, a file."""
    with site.database.writing() as link:
        meta.mark_rehearsal(link)
        meta.reach(link, site.clock.at)
        stored = challenges.load(link, "NOR-26")
        assert stored.key_id is not None
        files = Files.beside(site.database.vault)
        content = f"{MARKER} in a file".encode()
        name = files.write(content, stored.key_id)
        keep_file(link, (stored.id, "picture", 1), name, content=content, at=site.clock.at)
        body = link.seal(f"{MARKER} in a message", "", stored.key_id)
        link.execute(_SENT, body=body, at=site.clock.at)
        received = incoming.Received(
            message_id="<1@host.example>", came_at=site.clock.at, sender="vic@home.example",
            subject=MARKER, kind="answer", outbox_id=None, challenge_id=stored.id, person_id=5,
            body=f"{MARKER} in a mail", digest="0",
        )  # fmt: skip
        number = incoming.keep(link, received)
        said = link.seal(f"{MARKER} in an answer", stored.key_id)
        link.execute(_ANSWER, id=stored.id, body=said, incoming=number, at=site.clock.at)


def words(site: Site, *more: str) -> str:
    """Return everything of challenges that can be read through the program, in one text."""
    tables = ("challenge", "event", "task", "outbox", "incoming", "answer", "entry", *more)
    return "\n".join(str(row) for table in tables for row in site.rows(table))


def tokens(site: Site) -> set[str]:
    """Return every sealed text in the tables, as it is kept."""
    tables = ("challenge", "event", "task", "outbox", "incoming", "answer")
    with site.database.reading(is_sealed=True) as link:
        rows = [row for table in tables for row in link.rows(f"SELECT * FROM {table}")]  # noqa: S608
    return set(re.findall(r"sealed:[A-Za-z0-9_-]{80,}", str(rows)))


@contextmanager
def opened(url: str) -> Iterator[Site]:
    """Yield a site with nine people and one visit that has begun."""
    loaded = loader.load_text(definition_text(), file="visit.yaml")
    with closing(Database(url)) as database:
        populate(database, loaded, phone=MARKER)
        site = Site(database, loaded.content_hash)
        site.start()
        yield site


def holding(folder: Path, marker: str = MARKER) -> list[str]:
    """Return the names of the files, at any depth, that have a marker in them."""
    wanted = marker.encode()
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path.name for path in files if wanted in path.read_bytes()]
