"""Retention, certificates and forgetting, as they are typed."""

import re
import zlib
from pathlib import Path

import pytest

from tests.integration.cli.desk import Desk
from tests.integration.retaining.destroying import CLOSED_LONG_AGO, Site
from workflow.clock import SetClock
from workflow.retaining.disposals import Disposals

ADA, DORA, MAX = "ada.admin@team.example", "dora.director@team.example", "max.manager@team.example"
STAN, VIC = "stan.stranger@team.example", "vic.visitor@team.example"


@pytest.fixture
def desk(site: Site, tmp_path: Path) -> Desk:
    """Return a desk at which an administrator types, four months after the visit was closed."""
    url = f"sqlite:///{tmp_path / 'visits.db'}"
    site.database.close()
    settings = {"PEER_CHALLENGE_DATABASE_URL": url, "PEER_CHALLENGE_ACTOR": ADA}
    return Desk(tmp_path, now="2027-04-01T10:00", environment=settings)


def destroyed(desk: Desk) -> str:
    """Destroy the mail as three people do; return the certificate's number."""
    desk.type("--as", MAX, "retention", "request", "NOR-26", "mail")
    desk.type("--as", DORA, "retention", "approve", "NOR-26", "mail")
    told = desk.type("--as", MAX, "retention", "destroy", "NOR-26", "mail", code=2).stderr
    assert "nobody can be asked here, and it cannot be taken back: say --yes" in told
    desk.type("--as", MAX, "retention", "destroy", "NOR-26", "mail", "--yes")
    number: str = desk.read("certificate", "list", "NOR-26")["certificates"][0]["number"]
    return number


def test_what_is_due_is_listed_with_its_reason_and_owner(desk: Desk) -> None:
    (found,) = desk.read("retention", "list", "--due")["retention"]
    assert (found["rule"], found["status"], found["due_on"]) == ("mail", "overdue", "2027-02-27")
    assert (found["owner"], found["is_overdue"]) == ("director", True)
    assert found["explanation"].startswith("3 months after signed_off (Report signed off")
    assert "overdue" in desk.type("retention", "list", "NOR-26").stdout


def test_somebody_who_sees_no_challenge_sees_no_retention(desk: Desk) -> None:
    assert desk.type("--as", STAN, "retention", "list", codes=(0, 4)).stdout.count("NOR-26") == 0
    desk.type("--as", STAN, "retention", "list", "NOR-26", codes=(4, 5))


def test_a_destruction_is_shown_and_its_certificate_verifies(desk: Desk) -> None:
    number = destroyed(desk)
    shown = desk.type("certificate", "show", number).stdout
    assert "Max Manager (person 3)" in shown
    assert "Dora Director (person 2)" in shown
    assert "logical destruction and cryptographic erase" in shown
    assert desk.read("certificate", "verify", number)["is_sound"] is True
    assert "as it was signed" in desk.type("certificate", "verify", number).stdout
    (row, *_) = desk.read("retention", "list", "NOR-26")["retention"]
    assert (row["status"], row["certificate"]) == ("destroyed", number)
    assert "destroyed (certificate" in desk.type("timeline", "NOR-26").stdout


def test_a_dry_run_destroys_nothing(desk: Desk) -> None:
    desk.type("--as", MAX, "retention", "request", "NOR-26", "mail", "--dry-run")
    refused = desk.read("--as", MAX, "retention", "destroy", "NOR-26", "mail", "-n", code=4)
    assert refused["error"]["kind"] == "not_approved"
    assert desk.read("certificate", "list")["certificates"] == []


def test_a_certificate_is_written_as_a_page_and_as_a_pdf(desk: Desk) -> None:
    pytest.importorskip("weasyprint")
    number = destroyed(desk)
    html, pdf = desk.folder / "c.html", desk.folder / "c.pdf"
    said = desk.type("certificate", "show", number, "--html", str(html), "--pdf", str(pdf))
    assert f"written to {pdf}" in said.stderr
    page = html.read_text()
    assert "REHEARSAL: nothing here is real." in page
    assert f"<h1>Certificate of destruction {number}</h1>" in page
    assert re.findall(r"<script|https?://", page) == []
    assert '<html lang="en">' in page
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert b"pdfuaid:part" in metadata(pdf.read_bytes())


def metadata(content: bytes) -> bytes:
    """Return all that a PDF holds compressed, in clear."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", content, flags=re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(stream) for stream in streams)


def test_a_page_that_cannot_be_written_says_so(desk: Desk) -> None:
    number = destroyed(desk)
    path = str(desk.folder / "no" / "c.html")
    told = desk.type("certificate", "show", number, "--html", path, code=75).stderr
    assert f"{path} cannot be written: No such file or directory" in told


def leave_half_done(site: Site) -> None:
    """Let a destruction die after its transaction."""

    class Crash(BaseException):
        pass

    def die(step: str) -> None:
        raise Crash

    site.approve("mail")
    with pytest.raises(Crash):
        Disposals(site.database, SetClock(site.clock.at)).destroy(
            "NOR-26", "mail", actor=3, on_step=die
        )
    site.database.close()


def test_a_destruction_that_died_is_gone_on_with_by_whoever_may(desk: Desk, site: Site) -> None:
    leave_half_done(site)
    command = ("retention", "destroy", "NOR-26", "mail")
    for sure in ((), ("--yes",)):
        told = desk.type("--as", STAN, *command, *sure, code=4)
        assert "Stan Stranger may not destroy records of NOR-26" in told.stderr
        assert "Max Manager" not in told.output
    assert "say --yes" in desk.type(*command, code=2).stderr  # it is asked: nothing refuses it
    assert "Max Manager (person 3)" in desk.type(*command, "--yes").stdout


def test_a_certificate_is_not_printed_before_it_is_signed(desk: Desk, site: Site) -> None:
    leave_half_done(site)
    (row,) = desk.read("certificate", "list")["certificates"]
    assert row["is_finished"] is False
    assert "not finished" in desk.type("certificate", "list").stdout
    assert "It is not finished" in desk.type("certificate", "show", row["number"]).stderr
    told = desk.type("certificate", "show", row["number"], "--html", "x.html", code=2).stderr
    assert f"{row['number']} is not signed yet" in told
    assert "NOT SOUND" in desk.type("certificate", "verify", row["number"], code=3).stdout
    told = desk.type("doctor", code=1).stdout
    assert f"1 destruction not finished: {row['number']}; try: peer-challenge tick" in told
    desk.type("tick")
    assert desk.read("certificate", "verify", row["number"])["is_sound"] is True


def test_the_peers_side_is_listed(desk: Desk) -> None:
    found = desk.read("certificate", "peers", "NOR-26")["confirmations"]
    assert {row["status"] for row in found} == {"confirmed"}
    assert "0 not confirmed" in desk.type("certificate", "peers", "NOR-26").stderr


def test_a_hold_may_be_on_a_rule_or_on_people(desk: Desk) -> None:
    desk.type("hold", "NOR-26", "FOI 1", "--rule", "mail", "--reason", "a request")
    row = desk.read("retention", "list", "NOR-26")["retention"][0]
    assert (row["status"], row["holds"]) == ("held", ["FOI 1"])
    assert "held by FOI 1" in desk.type("retention", "list", "NOR-26").stdout
    desk.type("hold", "NOR-26", "SAR 1", "--person", VIC, "--reason", "a request")
    told = desk.type("hold", "NOR-26", "x", "--person", STAN, "--reason", "x", code=2).stderr
    assert "Stan Stranger was never on the team of NOR-26" in told


def test_retention_is_extended_with_a_reason(desk: Desk) -> None:
    more = ("--until", "2027-09-01", "--reason", "an inquiry")
    desk.type("--as", MAX, "retention", "extend", "NOR-26", "mail", *more)
    assert "extended until Wed 1 Sep 2027" in desk.type("retention", "list", "NOR-26").stdout


def test_a_person_is_forgotten_by_whoever_may(desk: Desk) -> None:
    forget = ("person", "forget", VIC, "--reason", "she asks", "--yes")
    desk.type("--as", MAX, *forget, code=4)
    assert desk.read(*forget, "-n") | {"schema": "", "rehearsal": True} == {
        "schema": "", "rehearsal": True, "is_dry_run": True, "person": 5, "certificate": None,
    }  # fmt: skip
    assert "would be forgotten" in desk.type(*forget, "-n").stdout
    assert "person 5 is forgotten (certificate C-" in desk.type(*forget).stdout
    names = [row["name"] for row in desk.read("person", "list")["people"]]
    assert "Forgotten person 5" in names
    assert "Vic Visitor" not in names
    assert "Forgotten person 5" in desk.type("timeline", "NOR-26").stdout
    number = desk.read("certificate", "list")["certificates"][0]["number"]
    assert "person 5" in desk.type("certificate", "show", number).stdout


def test_the_log_verifies_after_every_kind_of_destruction(site: Site, desk: Desk) -> None:
    """Erasing leaves verification passing (I23)."""
    site.clock.at = CLOSED_LONG_AGO
    site.forgetting.forget(7, "he asks", actor=1)
    desk.now = "2033-01-04T09:00"
    for rule in ("mail", "words", "addresses", "own_records"):
        site.approve(rule)
        site.disposals.destroy("NOR-26", rule, actor=3)
        site.database.close()
        assert desk.read("audit", "verify")["intact"] is True
