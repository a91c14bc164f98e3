"""The pages of questions: opened by a link from an e-mail, answered by a form.

The token of a link is exchanged for a cookie at once, so that it stands in no address bar, no
Referer and no log. Looking never changes anything: programs open the links of e-mails too.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from web.address import Base
from web.failures import problems_of, status_of, words_of
from web.form import SETTLING, Answer, Cannot, Done, Problem, Settled, Typed, read
from web.pages import ALREADY, MADE, MEANWHILE, TOO_LATE, UNKNOWN, Pages
from web.ports import Site
from web.turnstile import Turnstile
from workflow.answering.questions import Question
from workflow.model.errors import Conflict, InvalidInput, Refused, Unavailable, WorkflowError
from workflow.tokens import AnswerLink, read_answer

SEE_OTHER = 303
_NUMBER = re.compile(r"[0-9]{1,18}")
_REFERRER = {"Referrer-Policy": "same-origin"}
_CLOSED = (
    "Open the link from the e-mail",
    "This page is shown to whoever has opened the link in our e-mail. Open that link again,"
    " on this device and with this browser.",
)
_TOO_MANY = (
    "Too many answers at once",
    "Nothing of this one was recorded. Wait ten minutes, and send it again.",
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page to be shown again: with what became of the answer, what was typed and is wrong."""

    question: Question
    status: int
    said: str = ""
    problems: tuple[Problem, ...] = ()


class AnswerPages:
    """Shows questions and takes answers, one at a time."""

    def __init__(self, site: Site, pages: Pages, base: Base) -> None:
        self._site, self._pages = site, pages
        self._is_secure = base.is_https
        self._cookie = "__Secure-answer" if base.is_https else "answer"
        self._turnstile, self._lock = Turnstile(), Lock()

    def open(self, token: str) -> Response:
        """Exchange a token for a cookie, and go on to the page of its question.

        Raises:
            LinkRefused: it is not ours, has expired or was revoked.
        """
        link = read_answer(self._site.keys, token, at=self._site.clock.now())
        self._site.answers.question(link)
        path = path_of(link)
        response = RedirectResponse(path, status_code=SEE_OTHER)
        response.set_cookie(
            self._cookie,
            token,
            path=path,
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )
        return response

    def show(self, request: Request, message: str, task: str) -> Response:
        """Return the page of a question. Changes nothing."""
        link = self._link(request, message, task)
        if link is None:
            return self._closed()
        question = self._site.answers.question(link)
        is_said = bool(question.recorded) or bool(question.waiting) or question.state == "done"
        said = {"made": MADE, "already": ALREADY}.get(request.query_params.get("answer", ""), "")
        return self._page(_Shown(question, 200, said if is_said else ""), Typed())

    def take(self, request: Request, task: tuple[str, str], typed: Typed) -> Response:
        """Record an answer, or show its form again with what is wrong and all that was typed."""
        try:
            link = self._link(request, *task)
            if link is None:
                return self._closed(typed.words)
            with self._lock:
                if not self._turnstile.admits(link, at=self._site.clock.now()):
                    return self._pages.notice(*_TOO_MANY, status=429, written=typed.words)
                outcome = self._record(link, typed)
        except WorkflowError as error:
            status = status_of(error)
            return self._pages.notice(*words_of(error), status=status, written=typed.words)
        if isinstance(outcome, str):
            return RedirectResponse(f"{path_of(link)}?answer={outcome}", status_code=SEE_OTHER)
        return self._page(outcome, typed)

    def _record(self, link: AnswerLink, typed: Typed) -> str | _Shown:
        """Record an answer; return what became of it."""
        question = self._site.answers.question(link)
        if self._turnstile.has_taken(link, _digest(typed)):
            return ALREADY
        if question.state != "open" and typed.get("what") not in SETTLING:
            return _Shown(question, 409, TOO_LATE)
        if typed.get("mark") != mark_of(question):
            return _Shown(question, 409, MEANWHILE)
        answer, problems = read(typed, question, at=self._site.clock.now())
        if answer is None:
            return _Shown(question, status_of(InvalidInput()), problems=problems)
        try:
            self._give(link, answer)
        except Unavailable as error:
            return _Shown(question, status_of(error), UNKNOWN)
        except (Refused, InvalidInput, Conflict) as error:
            return _Shown(question, status_of(error), problems=problems_of(error, question, typed))
        self._turnstile.note(link, _digest(typed))
        return MADE

    def _give(self, link: AnswerLink, answer: Answer) -> None:
        answers = self._site.answers
        match answer:
            case Done(on, attested, words, media):
                answers.done(link, on=on, attested=attested, words=words, media=media)
            case Cannot(why):
                answers.cannot(link, why=why)
            case Settled(number, reason):
                answers.settle(link, number, reason=reason)
            case _:
                answers.another_time(link, words=answer.words, moment=answer.moment)

    def _link(self, request: Request, message: str, task: str) -> AnswerLink | None:
        """Return the link by which somebody came here; None where no cookie proves it.

        Raises:
            LinkRefused: it has expired since, or was never good.
        """
        token = request.cookies.get(self._cookie, "")
        if not token or not _NUMBER.fullmatch(message):
            return None
        link = read_answer(self._site.keys, token, at=self._site.clock.now())
        return link if link == AnswerLink(int(message), task) else None

    def _page(self, shown: _Shown, typed: Typed) -> HTMLResponse:
        question = shown.question
        page = self._pages.question(
            question,
            today=self._site.clock.now().astimezone(question.zone).date(),
            mark=mark_of(question),
            said=shown.said,
            typed=typed,
            problems=shown.problems,
        )
        return HTMLResponse(page, status_code=shown.status, headers=_REFERRER)

    def _closed(self, written: tuple[str, ...] = ()) -> HTMLResponse:
        return self._pages.notice(*_CLOSED, status=403, written=written)


def path_of(link: AnswerLink) -> str:
    """Return the path of the page of a question."""
    return f"/answers/{link.message}/{quote(link.task, safe='')}"


def mark_of(question: Question) -> str:
    """Return what changes whenever something is recorded: a form sends it back."""
    said = [(one.at.isoformat(), one.who, one.says) for one in question.recorded]
    waiting = [one.number for one in question.waiting]
    return sha256(repr((question.state, said, waiting)).encode()).hexdigest()[:16]


def _digest(typed: Typed) -> str:
    return sha256(repr(sorted(typed.fields.items())).encode()).hexdigest()
