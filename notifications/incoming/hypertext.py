"""HTML turned into text, as far as is needed to see what somebody wrote. Pure."""

import re
from html.parser import HTMLParser

MOST_HTML = 100_000
_MOST_TAGS = 20_000
_NO_TAG = re.compile(r"<(?!/?[a-zA-Z])|<(?=[^<>]{0,2000}(?:<|\Z))")
"""What begins like a tag and is none: the library would look for its end again and again."""

_DECLARATION = re.compile(r"<[!?][^<>]{0,500}>")
_SILENT = frozenset({"head", "script", "style", "title", "template", "svg"})
_BLOCKS = frozenset({"p", "div", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "pre"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "col", "area", "base"})
_QUOTE_MARKS = re.compile(
    r"gmail_quote|yahoo_quoted|divrplyfwdmsg|appendonsend|moz-cite-prefix|protonmail_quote",
    re.IGNORECASE,
)
_AFTER = re.compile(r"divrplyfwdmsg|appendonsend", re.IGNORECASE)
"""Outlook marks where the quoted mail begins; the mail itself follows after the mark."""


def plain_text(html: str) -> str:
    """Return the text that a reader sees, without what is quoted."""
    reader = _Reader()
    bounded = _DECLARATION.sub("", _without_comments(html[:MOST_HTML]))
    reader.feed(_NO_TAG.sub("&lt;", bounded))
    reader.close()
    return reader.text


def _without_comments(html: str) -> str:
    kept: list[str] = []
    at = 0
    while True:
        begin = html.find("<!--", at)
        end = html.find("-->", begin) if begin >= 0 else -1
        if end < 0:
            return "".join([*kept, html[at:]])
        kept.append(html[at:begin])
        at = end + len("-->")


class _Reader(HTMLParser):
    """Collects what is shown; `_hidden` is the depth inside of what is not."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._hidden: list[str] = []
        self._is_over = False
        self._tags = 0

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        marks = " ".join(value or "" for name, value in attrs if name in {"id", "class"})
        if _AFTER.search(marks) or self._tags > _MOST_TAGS:
            self._is_over = True
        if tag in _VOID:
            self._pieces.append("\n" if tag in {"br", "hr"} else "")
        elif self._hidden or tag in _SILENT or tag == "blockquote" or _QUOTE_MARKS.search(marks):
            self._hidden.append(tag)
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden and not self._is_over:
            self._pieces.append(data.replace("\n", " "))
