"""Stands before every page: whom it lets in, how much they may bring, and what browsers are told.

A form counts only when the browser says that a page of ours sent it: by `Sec-Fetch-Site`, or, where
a browser sends none (an old one, or pages without TLS), by `Origin`. Browsers hide the `Origin` of
a form where no referrer may be sent, so the pages with forms allow one to ourselves; their address
holds no token.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.address import Base
from web.pages import Pages

MOST_BODY = 64 * 1024
"""Bytes of a form."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SECURE_FOR = "max-age=31536000"
_TOO_LONG = (413, "Your answer is too long", "Go back, and write it in fewer words.")
_CUT_OFF = (
    400,
    "Your answer was not recorded",
    "It did not arrive whole. Go back, and send it again.",
)
FOR_MACHINES = frozenset({"/healthz", "/readyz"})
"""Asked by load balancers, under whatever name they know us by."""

_OWN_SITE = frozenset({"same-origin", "none"})
_Refusal = tuple[int, str, str]
"""A status, a title and the way out."""


class Guard:
    """Wraps the application, so that errors too carry the headers."""

    def __init__(self, app: ASGIApp, pages: Pages, base: Base) -> None:
        self._app, self._pages, self._base = app, pages, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        send = self._with_headers(send)
        refusal = self._refusal(scope)
        if refusal is None and scope["method"] == "POST":
            body = await _read(Headers(scope=scope), receive)
            if isinstance(body, bytes):
                receive = _again(body, receive)
            else:
                refusal = body
        if refusal is None:
            await self._app(scope, receive, send)
            return
        status, title, text = refusal
        response = self._pages.notice(title, text, status=status)
        await response(scope, receive, send)

    def _refusal(self, scope: Scope) -> _Refusal | None:
        """Return why a request is not let in."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._base.is_ours(host) and scope["path"] not in FOR_MACHINES:
            return 400, "This address is not in use", "Open the link from the e-mail again."
        if scope["method"] == "POST" and not self._is_own_form(headers, host):
            return (
                403,
                "Your answer was not recorded",
                "It did not come from a page of ours. Open the link from the e-mail again,"
                " and answer there.",
            )
        return None

    def _is_own_form(self, headers: Headers, host: str) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in _OWN_SITE
        return self._base.sent(headers.get("origin", ""), host=host)

    def _with_headers(self, send: Send) -> Send:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._base.is_https:
                    headers["Strict-Transport-Security"] = SECURE_FOR
            await send(message)

        return headed


async def _read(headers: Headers, receive: Receive) -> bytes | _Refusal:
    """Return the body of a request, or why it does not count; one too long is not read on."""
    said = headers.get("content-length", "0")
    if not said.isdecimal() or len(said) > len("1000000") or int(said) > MOST_BODY:
        return _TOO_LONG
    body, is_more = bytearray(), True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return _CUT_OFF
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            return _TOO_LONG
        is_more = message.get("more_body", False)
    return bytes(body) if len(body) >= int(said) else _CUT_OFF


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read already, once."""
    waiting = [body]

    async def give() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return give
