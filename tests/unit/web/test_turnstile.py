"""A link is let in so many times within ten minutes, and a form that was taken is known."""

from datetime import timedelta

from tests.unit.web.desk import CALL, NOTES, NOW
from web.turnstile import MOST_LINKS, MOST_POSTS, WITHIN, Turnstile
from workflow.tokens import AnswerLink

SECOND = timedelta(seconds=1)


def test_a_link_is_let_in_so_many_times_and_again_after_a_while() -> None:
    turnstile = Turnstile()
    for number in range(MOST_POSTS):
        assert turnstile.admits(CALL, at=NOW + number * SECOND)
    assert not turnstile.admits(CALL, at=NOW + WITHIN - SECOND)
    assert turnstile.admits(NOTES, at=NOW + WITHIN - SECOND)
    assert turnstile.admits(CALL, at=NOW + WITHIN)
    assert not turnstile.admits(CALL, at=NOW + WITHIN)


def test_the_last_form_of_each_link_is_known() -> None:
    turnstile = Turnstile()
    turnstile.note(CALL, "first")
    assert turnstile.has_taken(CALL, "first")
    assert not turnstile.has_taken(CALL, "second")
    assert not turnstile.has_taken(NOTES, "first")


def test_the_link_that_was_used_longest_ago_is_forgotten_first() -> None:
    turnstile = Turnstile()
    turnstile.note(CALL, "mark")
    turnstile.note(NOTES, "mark")
    assert turnstile.has_taken(CALL, "mark")
    for number in range(MOST_LINKS - 1):
        turnstile.note(AnswerLink(1_000 + number, "x"), "y")
    assert turnstile.has_taken(CALL, "mark")
    assert not turnstile.has_taken(NOTES, "mark")
