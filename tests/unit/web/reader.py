"""A browser without a window: opens links, reads pages, sends forms as a page of ours would."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2
from starlette.testclient import TestClient

from tests.unit.web.desk import Desk, token_of
from web.answering import path_of
from web.app import make_app
from workflow.tokens import AnswerLink

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
TODAY = {"done-day": "9", "done-month": "3", "done-year": "2027"}
VOID = frozenset({"meta", "link", "input", "br"})


@dataclass
class Seen(HTMLParser):
    """A page, taken apart: its elements with their attributes' names, and all of its text."""

    shape: list[tuple[str, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))
        facts = dict(attrs)
        self.values.append(facts.get("value") or "")
        if facts.get("type") == "hidden":
            self.hidden[str(facts["name"])] = str(facts["value"])

    def handle_endtag(self, tag: str) -> None:
        self.shape.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """Return all that can be read, with single spaces."""
        return " ".join(" ".join(self.texts).split())


def seen(response: httpx2.Response) -> Seen:
    page = Seen()
    page.feed(response.text)
    page.close()
    return page


def client_of(desk: Desk, address: str = "http://pages.test") -> TestClient:
    return TestClient(make_app(desk.site), base_url=address, raise_server_exceptions=False)


def opened(client: TestClient, link: AnswerLink) -> Seen:
    """Return the page that the link of an e-mail leads to."""
    response = client.get(f"/a/{token_of(link)}")
    assert response.status_code == 200
    return seen(response)


def send(
    client: TestClient, link: AnswerLink, page: Seen, **fields: "str | list[str]"
) -> httpx2.Response:
    """Send a form of `page`, and return what comes of it without following."""
    form = {"mark": page.hidden["mark"], **{n.replace("_", "-"): v for n, v in fields.items()}}
    return client.post(path_of(link), data=form, headers=OWN_PAGE, follow_redirects=False)
