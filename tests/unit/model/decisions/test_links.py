"""One challenge concerns another: both say so, and what one holds it lets go at its end."""

from datetime import UTC, date, datetime

import pytest

from tests.builders import Case, rulebook
from workflow.model.commands import Advance
from workflow.model.decisions.links import released_by
from workflow.model.errors import InvalidInput, Refused
from workflow.model.records.commands import LinkChallenge

BEGUN = datetime(2026, 9, 1, 9, tzinfo=UTC)


def request(name: str = "information_request") -> Case:
    return Case(at=BEGUN, rules=rulebook(name)).started()


def test_a_link_is_kept_with_what_it_says() -> None:
    case = request().do(LinkChallenge(other="EAS-26", relation="concerns"))
    assert case.challenge.records.links == {"EAS-26": "concerns"}


@pytest.mark.parametrize(
    ("other", "relation", "text"),
    [
        ("EAS-26", "owns", 'there is no relation "owns"; allowed: concerns, concerned_by'),
        ("NOR-26", "concerns", "NOR-26 cannot concern itself; name another challenge"),
    ],
)
def test_a_link_that_makes_no_sense_is_told(other: str, relation: str, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        request().do(LinkChallenge(other=other, relation=relation))
    assert str(caught.value) == text


def test_two_challenges_are_linked_once() -> None:
    linking = LinkChallenge(other="EAS-26", relation="concerns")
    with pytest.raises(Refused, match="NOR-26 and EAS-26 are linked already"):
        request().do(linking).do(linking)


def test_who_may_not_manage_a_challenge_may_not_link_it() -> None:
    with pytest.raises(Refused, match="may not link challenges"):
        request().do(LinkChallenge(other="EAS-26", relation="concerns"), actor=9)


def test_only_the_step_to_the_end_of_a_definition_that_holds_lets_go() -> None:
    linked = [LinkChallenge(other="EAS-26", relation="concerns"),
              LinkChallenge(other="LOSS-1", relation="concerned_by")]  # fmt: skip
    case = request()
    for link in linked:
        case.do(link)
    before = case.challenge
    after = case.do(Advance(trigger="withdraw", reason="a mistake")).challenge
    holding, other = case.rules.definition, rulebook("data_breach").definition
    ((reference, lifting),) = released_by(holding, before, after)
    assert (reference, lifting.name) == ("EAS-26", "NOR-26")
    assert lifting.reason == "NOR-26 is over: Withdrawn by whoever asked"
    assert released_by(holding, after, after) == ()
    assert released_by(holding, before, before) == ()
    assert released_by(other, before, after) == ()


def test_a_stage_that_another_version_makes_final_ends_what_was_not_over() -> None:
    case = request().do(LinkChallenge(other="EAS-26", relation="concerns"))
    new, challenge = case.rules.definition, case.challenge
    final = new.stages["answering"].model_copy(update={"final": True})
    ended = new.model_copy(update={"stages": {"answering": final}})
    assert released_by(ended, challenge, challenge) == ()
    ((reference, _),) = released_by(ended, challenge, challenge, old=new)
    assert reference == "EAS-26"


def test_a_request_that_is_both_answers_both_and_each_has_its_own_clock() -> None:
    case = request()
    for key in ("data_asked", "information_asked"):
        case.plan(key, date(2026, 9, 1))
    limits = {
        key: case.task(key).limit_on for key in ("answer_personal_data", "answer_information")
    }
    assert limits == {
        "answer_personal_data": date(2026, 10, 1),
        "answer_information": date(2026, 9, 29),
    }
    case.done("answer_information")
    assert case.challenge.stage == "answering"
    case.done("answer_personal_data")
    assert case.challenge.stage == "answered"
