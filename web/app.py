"""The pages behind the links of an e-mail, put together."""

from hashlib import sha256
from typing import Annotated

from fastapi import Depends, FastAPI
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from web.address import read_base_url
from web.answering import AnswerPages
from web.failures import status_of, words_of, words_of_status
from web.form import Typed
from web.guard import Guard
from web.pages import STATIC, Pages
from web.ports import Site
from workflow.model.errors import WorkflowError
from workflow.tokens import LinkRefused, read_feed

LOOK = ["GET", "HEAD"]
MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"
_KEPT_FOR = "public, max-age=3600"
_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def make_app(site: Site) -> ASGIApp:
    """Return the application that serves the pages.

    Raises:
        InvalidInput: the base URL is none.
    """
    base = read_base_url(site.base_url)
    pages = Pages(is_rehearsal=site.is_rehearsal)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    _add_errors(app, pages)
    _add_answers(app, AnswerPages(site, pages, base))
    _add_feed(app, site)
    _add_rest(app, site, pages)
    return Guard(app, pages, base)


def _add_errors(app: FastAPI, pages: Pages) -> None:
    @app.exception_handler(WorkflowError)
    def say_error(_: Request, error: WorkflowError) -> Response:
        return pages.notice(*words_of(error), status=status_of(error))

    @app.exception_handler(HTTPException)
    def say_status(_: Request, error: HTTPException) -> Response:
        return pages.notice(*words_of_status(error.status_code), status=error.status_code)

    @app.exception_handler(Exception)
    def say_nothing(_: Request, __: Exception) -> Response:
        return pages.notice(*words_of_status(500), status=500)


async def _typed(request: Request) -> Typed:
    """Return the form of a request."""
    if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != _FORM:
        raise HTTPException(415)
    form: FormData = await request.form(max_fields=MOST_FIELDS)
    return Typed.of(form.multi_items())


def _add_answers(app: FastAPI, answers: AnswerPages) -> None:
    place = "/answers/{message}/{task:path}"

    @app.api_route("/a/{token}", methods=LOOK, response_model=None)
    def open_link(token: str) -> Response:
        return answers.open(token)

    @app.api_route(place, methods=LOOK, response_model=None)
    def show_question(request: Request, message: str, task: str) -> Response:
        return answers.show(request, message, task)

    @app.post(place, response_model=None)
    def take_answer(
        request: Request, *, message: str, task: str, typed: Annotated[Typed, Depends(_typed)]
    ) -> Response:
        return answers.take(request, (message, task), typed)


def _add_feed(app: FastAPI, site: Site) -> None:
    @app.api_route("/feed/{token}.ics", methods=LOOK, response_model=None)
    def show_calendar(token: str) -> Response:
        try:
            content = site.feed(read_feed(site.keys, token))
        except LinkRefused:
            content = None
        if content is None:
            raise HTTPException(404)
        name = {"Content-Disposition": 'inline; filename="peer-challenge.ics"'}
        return Response(content, media_type="text/calendar; charset=utf-8", headers=name)


def _add_rest(app: FastAPI, site: Site, pages: Pages) -> None:
    @app.api_route("/", methods=LOOK, response_model=None)
    def show_home() -> Response:
        return pages.notice(
            "Answers to our e-mails",
            "Peer challenge keeps the dates of peer challenges, and asks people by e-mail for what"
            " they have promised. To answer, open the link in the e-mail that you were sent.",
        )

    @app.api_route("/healthz", methods=LOOK, response_model=None)
    def say_health() -> Response:
        return PlainTextResponse("ok")

    @app.api_route("/readyz", methods=LOOK, response_model=None)
    def say_readiness() -> Response:
        try:
            is_ready = site.is_ready()
        except WorkflowError:
            is_ready = False
        return PlainTextResponse("ready" if is_ready else "not ready", 200 if is_ready else 503)

    for name, kind in _STATIC.items():
        content = (STATIC / name).read_bytes()
        _add_file(app, f"/static/{name}", content=content, kind=kind)


def _add_file(app: FastAPI, path: str, *, content: bytes, kind: str) -> None:
    headers = {"Cache-Control": _KEPT_FOR, "ETag": f'"{sha256(content).hexdigest()[:16]}"'}

    @app.api_route(path, methods=LOOK, response_model=None)
    def show_file() -> Response:
        return Response(content, media_type=kind, headers=headers)
