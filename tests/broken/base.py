"""What broken definitions are made of: a small good one, changed in one place at a time."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

SMALL = Path(__file__).with_name("small.yaml").read_text()
LEAST_VARIANTS = 20


class Variant(NamedTuple):
    """One broken file, and what an error about it must say."""

    content: str | bytes
    names: str


Maker = Callable[[], Iterable[Variant]]


def change(old: str, new: str, *, text: str = SMALL) -> str:
    """Return `text` with `old`, which stands there, replaced once."""
    assert old in text, old
    return text.replace(old, new, 1)


def change_all(*pairs: tuple[str, str]) -> str:
    """Return the small definition with several pieces replaced, once each."""
    text = SMALL
    for old, new in pairs:
        text = change(old, new, text=text)
    return text


def every(pattern: str, new: Callable[[re.Match[str]], str], names: str) -> Iterator[Variant]:
    """Give the small definition with each place where `pattern` is found replaced, one at a time.

    In `names`, `{0}` stands for what was found, and `{1}` for its first group.
    """
    for found in re.finditer(pattern, SMALL, re.MULTILINE):
        text = SMALL[: found.start()] + new(found) + SMALL[found.end() :]
        yield Variant(
            text, names.replace("{0}", found[0]).replace("{1}", (found.groups() or [""])[0])
        )


def each(old: str, news: Iterable[str], names: str = "{0}") -> Iterator[Variant]:
    """Give the small definition with `old` replaced by each of `news`; `{0}` is the new one."""
    for new in news:
        yield Variant(change(old, new), names.replace("{0}", new))


def grid(olds: Iterable[tuple[str, str]], news: Iterable[str], names: str) -> Iterator[Variant]:
    """Give the small definition with each of `news` put where `{}` is in each of `olds`' forms."""
    for (old, form), new in product(olds, list(news)):
        yield Variant(change(old, form.replace("{}", new)), names.replace("{0}", new))


def first(variants: Iterable[Variant], most: int) -> list[Variant]:
    """Return the first of many variants."""
    return list(islice(variants, most))
