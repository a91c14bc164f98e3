"""A lost notebook and a request for personal data: their own lives, and what they do to others."""

from collections.abc import Callable
from typing import Any

from tests.integration.cli.desk import CLIENT, MANAGER, PROGRAMME, Desk

ROLES = (f"--role=programme_manager={PROGRAMME}", f"--role=challenge_manager={MANAGER}")
ABOUT = ("--client=Northshire system", "--concerns=NOR-26", *ROLES)
BREACH = ("new", "LOSS-1", "--definition=data_breach", "--title=Lost notebook", *ABOUT)
REQUEST = ("new", "REQ-1", "--definition=information_request", "--title=A request", *ABOUT)
Read = Callable[..., dict[str, Any]]


def deadline(desk: Desk, reference: str, key: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = desk.read("show", reference)["deadlines"]
    return next(one for one in found if one["key"] == key)


def told(desk: Desk, reference: str) -> str:
    return desk.type("timeline", reference, "--all").output


def test_a_breach_runs_72_elapsed_hours_and_is_told_from_beginning_to_end(desk: Desk) -> None:
    desk.now = "2026-10-23T16:30"
    desk.type(*BREACH, "--date=aware=2026-10-23T16:00")
    limit = deadline(desk, "LOSS-1", "tell_regulator")
    assert limit["limit_at"] == "2026-10-26T15:00:00+00:00"  # the clocks went back on the 25th
    seen = desk.read("forecast", "LOSS-1", "--nobody-acts")["entries"]
    told_at = [
        one["at"][:16] for one in seen if one["text"].startswith("A breach of personal data: ")
    ]
    assert told_at[:2] == ["2026-10-25T15:00", "2026-10-25T15:00"]
    text = desk.type("advance", "LOSS-1", "report", code=4).output
    assert "Tell the regulator, with the reasons for the delay if it is late: not done" in text
    for key in ("assess", "contain", "tell_client", "document_breach"):
        desk.type("done", "LOSS-1", key, "--evidence", "in the restricted record")
    desk.type("done", "LOSS-1", "tell_regulator", "--on=2026-10-26T15:01", "--evidence=no", code=2)
    desk.now = "2026-10-26T15:30"
    desk.type("done", "LOSS-1", "tell_regulator", "--on=2026-10-26T14:59", "--evidence=report 7")
    assert deadline(desk, "LOSS-1", "tell_regulator")["standing"] == "met"
    desk.type("date", "LOSS-1", "high_risk", "2026-10-26T15:20")
    desk.type("advance", "LOSS-1", "report")
    assert "Tell those whom it may harm" in desk.type("advance", "LOSS-1", "close", code=4).output
    for key in ("tell_people", "draw_lessons"):
        desk.type("done", "LOSS-1", key, "--evidence", "in the restricted record")
    desk.type("advance", "LOSS-1", "close")
    report = desk.read("audit", "report", "LOSS-1")["items"]
    assert {one["standing"] for one in report if one["obligation"] == "B-01"} == {"met"}


def test_a_breach_that_is_no_risk_is_not_reported_and_says_why(desk: Desk) -> None:
    desk.now = "2026-10-23T16:30"
    desk.type(*BREACH, "--date=aware=2026-10-23T16:00")
    desk.type("done", "LOSS-1", "assess", "--evidence", "it was blank")
    desk.type("advance", "LOSS-1", "keep_internal", code=2)
    desk.type("advance", "LOSS-1", "keep_internal", "--reason", "the notebook was blank")
    shown = desk.read("show", "LOSS-1")
    assert "tell_regulator" in [one["key"] for one in shown["not_applicable"]]
    desk.type("advance", "LOSS-1", "reconsider", "--reason", "it was not")
    assert deadline(desk, "LOSS-1", "tell_regulator")["limit_at"] == "2026-10-26T15:00:00+00:00"


def test_a_breach_and_its_challenge_name_each_other_and_nothing_is_held(desk: Desk) -> None:
    desk.now = "2026-10-23T16:30"
    desk.type(*BREACH, "--date=aware=2026-10-23T16:00")
    links = [desk.read("show", name)["links"] for name in ("LOSS-1", "NOR-26")]
    assert links == [
        [{"reference": "NOR-26", "relation": "concerns"}],
        [{"reference": "LOSS-1", "relation": "concerned_by"}],
    ]
    assert desk.read("show", "NOR-26")["holds"] == []
    assert "Concerned by LOSS-1 (peer-challenge show LOSS-1)" in desk.type("show", "NOR-26").output
    assert "concerns NOR-26" in told(desk, "LOSS-1")


def test_a_request_holds_what_it_concerns_until_it_is_closed(desk: Desk) -> None:
    desk.now = "2026-10-20T10:00"
    begun = desk.type(*REQUEST, "--date=data_asked=2026-10-20").output
    assert "NOR-26 is held until REQ-1 is over: it destroys nothing" in begun
    assert desk.read("show", "NOR-26")["holds"] == ["REQ-1"]
    assert "hold REQ-1: Request for information or personal data REQ-1" in told(desk, "NOR-26")
    (held,) = desk.read("audit", "report", "NOR-26")["holds"]
    assert (held["reference"], held["name"]) == ("NOR-26", "REQ-1")
    assert deadline(desk, "REQ-1", "answer_personal_data")["limit_on"] == "2026-11-20"
    for key in ("take_in", "know_who_asks", "find_records", "answer_personal_data"):
        desk.type("done", "REQ-1", key, "--evidence", "in the restricted record")
    assert desk.read("show", "REQ-1")["stage"] == "answered"
    assert (
        "See whether the answer is disputed"
        in desk.type("advance", "REQ-1", "close", code=4).output
    )
    assert desk.read("show", "NOR-26")["holds"] == ["REQ-1"]
    desk.now = "2026-12-20T10:00"
    desk.type("tick")
    desk.type("done", "REQ-1", "time_to_dispute")
    seen = desk.type("advance", "REQ-1", "close", "--dry-run").output
    assert "NOR-26 is not held any more by REQ-1" in seen
    assert desk.read("show", "NOR-26")["holds"] == ["REQ-1"]
    desk.type("advance", "REQ-1", "close")
    assert desk.read("show", "NOR-26")["holds"] == []
    assert "hold REQ-1 lifted: REQ-1 is over: Closed" in told(desk, "NOR-26")


def test_a_request_that_is_withdrawn_lifts_its_own_hold_only(desk: Desk) -> None:
    desk.now = "2026-10-20T10:00"
    desk.type("hold", "NOR-26", "Inquiry 4", "--reason", "an inquiry")
    desk.type(*REQUEST, "--date=data_asked=2026-10-20")
    desk.type("advance", "REQ-1", "withdraw", "--reason", "it was a mistake")
    assert desk.read("show", "NOR-26")["holds"] == ["Inquiry 4"]
    again = [word.replace("REQ-1", "REQ-2") for word in REQUEST]
    desk.type(*again, "--date=data_asked=2026-10-20")
    desk.type("hold", "NOR-26", "REQ-2", "--lift", "--reason", "somebody was faster")
    desk.type("advance", "REQ-2", "withdraw", "--reason", "it was a mistake")
    assert desk.read("show", "REQ-2")["stage"] == "withdrawn"


def test_what_is_concerned_must_be_there_and_nothing_begins_without_it(desk: Desk) -> None:
    wrong = [word.replace("NOR-26", "NOR-62") for word in REQUEST]
    text = desk.type(*wrong, code=5).output
    assert 'there is no challenge "NOR-62"; did you mean "NOR-26"?' in text
    desk.type("show", "REQ-1", code=5)
    doubled = desk.type(*REQUEST, "--concerns=NOR-26", code=4).output
    assert "REQ-1 and NOR-26 are linked already" in doubled
    own = desk.type(*REQUEST, "--concerns=REQ-1", code=2).output
    assert "REQ-1 cannot concern itself; name another challenge" in own
    assert desk.read("show", "NOR-26")["links"] == []


def test_a_dry_run_binds_nothing(desk: Desk) -> None:
    text = desk.type(*REQUEST, "--dry-run").output
    assert "NOR-26 is held until REQ-1 is over" in text
    shown = desk.read("show", "NOR-26")
    assert (shown["links"], shown["holds"]) == ([], [])


def test_a_file_of_requests_names_what_each_concerns(desk: Desk) -> None:
    file = desk.folder / "requests.csv"
    head = "reference,title,client,definition,concerns,date:data_asked,role:programme_manager\n"
    row = "REQ-{},A request,Northshire system,information_request,{},2026-09-01," + PROGRAMME + "\n"
    file.write_text(head + row.format(1, "NOR-26") + row.format(2, "NOR-99"))
    text = desk.type("import", str(file), code=2).output
    assert "row 3, column concerns 'NOR-99': there is no challenge" in text
    file.write_text(head + row.format(1, "NOR-26") + row.format(2, ""))
    desk.type("import", str(file))
    assert desk.read("show", "NOR-26")["holds"] == ["REQ-1"]


def test_a_row_may_concern_the_challenge_of_a_row_before_it(desk: Desk) -> None:
    file = desk.folder / "both.csv"
    head = "reference,title,client,definition,concerns,date:data_asked,role:programme_manager\n"
    row = "{},Told,Northshire system,{},{},{}," + PROGRAMME + "\n"
    request = "information_request"
    first = row.format("SOU-26", "local_system_peer_challenge", "", "{}")
    rows = row.format("REQ-1", request, "SOU-26", "2026-09-01")
    rows += row.format("REQ-2", request, "REQ-1;SOU-26", "2026-09-01")
    file.write_text(head + first.format("soon") + rows)  # of which the first cannot be used
    text = desk.type("import", str(file), code=2).output
    assert "both.csv: 1 wrong; nothing was changed" in text
    assert "row 2, column date:data_asked 'soon'" in text
    file.write_text(head + first.format("") + rows)
    desk.type("import", str(file))
    assert desk.read("show", "SOU-26")["holds"] == ["REQ-1", "REQ-2"]
    assert desk.read("show", "REQ-1")["holds"] == ["REQ-2"]


def test_a_row_may_not_concern_itself_nor_one_after_it(desk: Desk) -> None:
    file = desk.folder / "both.csv"
    head = "reference,title,client,definition,concerns,date:data_asked,role:programme_manager\n"
    row = "REQ-{},Told,Northshire system,information_request,REQ-{},2026-09-01," + PROGRAMME + "\n"
    file.write_text(head + row.format(1, 1) + row.format(2, 3) + row.format(3, ""))
    text = desk.type("import", str(file), code=2).output
    assert "REQ-1 cannot concern itself; name another challenge" in text
    assert "row 3, column concerns 'REQ-3': there is no challenge \"REQ-3\"" in text


def test_whoever_is_asked_for_may_not_lift_the_hold_by_themselves(desk: Desk) -> None:
    desk.type(*REQUEST, "--date=data_asked=2026-09-01")
    text = desk.type(
        "--as", CLIENT, "hold", "NOR-26", "REQ-1", "--lift", "--reason=x", code=4
    ).output
    assert "may not" in text
