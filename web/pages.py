"""Fills in the pages. The only door of jinja2 on this side.

What is shown is escaped wherever it stands; the macros get `text`, never `html`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import govuk_frontend_jinja  # type: ignore[import-untyped]
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from starlette.responses import HTMLResponse

from web.form import DESTROYED, MOST_LINE, MOST_WORDS, Problem, Typed
from workflow.answering.questions import Question
from workflow.model.calendar import in_words
from workflow.model.custody.holdings import is_statement

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"
_MACROS = govuk_frontend_jinja.__name__

MADE, ALREADY, MEANWHILE = "made", "already", "meanwhile"
TOO_LATE, UNKNOWN = "too late", "unknown"
"""What may have become of an answer: `said` at the top of the page of its question."""


@cache
def _templates() -> Environment:
    """Return the templates, each compiled when it is first used."""
    own = FileSystemLoader(_FOLDER / "templates")
    macros = PrefixLoader({_MACROS: PackageLoader(_MACROS)})
    found = Environment(
        loader=ChoiceLoader([own, macros]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters |= {"moment": _moment, "words": _words}
    found.tests["statement"] = is_statement
    found.globals |= {"DESTROYED": DESTROYED, "MOST_WORDS": MOST_WORDS, "MOST_LINE": MOST_LINE}
    return found


class Pages:
    """Fills in the pages of one site."""

    def __init__(self, *, is_rehearsal: bool) -> None:
        self._is_rehearsal = is_rehearsal

    def notice(
        self, title: str, text: str, *, status: int = 200, written: tuple[str, ...] = ()
    ) -> HTMLResponse:
        """Return a page that only says something, and gives back what was written for nothing."""
        facts = {"title": title, "text": text, "status": status, "written": written}
        page = self._fill("notice.html", facts)
        return HTMLResponse(page, status_code=status)

    def question(
        self,
        question: Question,
        *,
        today: date,
        mark: str,
        said: str = "",
        typed: Typed,
        problems: tuple[Problem, ...] = (),
    ) -> str:
        """Return the page of a question, with what became of an answer to it and what was typed.

        `mark` tells how the question stood when the page was made.
        """
        facts = {
            "question": question,
            "today": today,
            "mark": mark,
            "said": said,
            "typed": typed,
            "problems": problems,
            "wrong": {problem.field: problem.text for problem in reversed(problems)},
        }
        return self._fill("question.html", facts)

    def _fill(self, name: str, facts: Mapping[str, object]) -> str:
        template = _templates().get_template(name)
        return template.render(facts, is_rehearsal=self._is_rehearsal)


def _words(key: str) -> str:
    return key.replace("_", " ")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """Return `Tuesday 9 March 2027, 2.05pm`."""
    local = at.astimezone(zone)
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004  (noon)
    return f"{in_words(local.date())}, {local.hour % 12 or 12}.{local.minute:02}{half}"
