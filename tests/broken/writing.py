"""Files that are not YAML as definitions are: their bytes, their syntax, what YAML has more of."""

from collections.abc import Iterator

from tests.broken.base import SMALL, Variant, change, each, every, grid

_LINES = SMALL.splitlines(keepends=True)
_PLACES = range(2, len(_LINES), 3)
_VALUE = r"(?<=: )([A-Z][a-z]+(?: [a-z]+)?)(?=[,}\n])"
_KEY = r"^( {2,4})([a-z_]+)(?=: )"


def _insert(line: str, names: str) -> Iterator[Variant]:
    """Give the small definition with a line put in at one place after another."""
    for place in _PLACES:
        yield Variant("".join((*_LINES[:place], line, *_LINES[place:])), names)


def duplicate_key() -> Iterator[Variant]:
    yield from every(r"^( *)([a-z_]+): .*\n", lambda m: f"{m[0]}{m[1]}{m[2]}: again\n", "twice")
    yield from every(r"\{(title: [^,}]+)", lambda m: f"{m[0]}, {m[1]}", "twice")


def traps_of_yaml_1_1() -> Iterator[Variant]:
    truths = ("NO", "no", "on", "off", "yes", "Y", "n", "1", "0", '"true"', "~", "12:30")
    yield from each("final: true", (f"final: {word}" for word in truths), "final")
    yield from each("paused: true", (f"paused: {word}" for word in truths), "paused")
    counts = ("010", "1_0", "0x0A", "0b11", "1e1", "12:30", "5.0", "~", "0o7", "+5_")
    yield from each("due_soon: 5", (f"due_soon: {word}" for word in counts), "due_soon")
    versions = ("1.0", "1.10", "2", "true", "~", "[1]", "-1")
    yield from each('version: "1.0"', (f"version: {word}" for word in versions), "version")
    times = ("9:00", "0900", "9", "540", "24:00", "12:60", "9am", "noon", "~")
    yield from each('send_at: "09:00"', (f"send_at: {word}" for word in times), "send_at")


def wrong_type() -> Iterator[Variant]:
    for odd in ("[[x]]", "{a: b}", "1.5", "true"):
        yield from every(_VALUE, lambda m, odd=odd: odd, "wanted")  # type: ignore[misc]
    for section in ("roles", "dates", "stages", "transitions", "tasks", "ladders", "retention"):
        for odd in ("text", "7", "[a, b]"):
            yield Variant(
                change(f"\n{section}:\n", f"\n{section}: {odd}\nunread_{section}:\n"), section
            )


def nothing_where_something_is() -> Iterator[Variant]:
    yield from every(r"^(?: *)([a-z_]+): .*$", lambda m: m[0].partition(":")[0] + ":", "{1}")


def second_document() -> Iterator[Variant]:
    yield from _insert("---\n", "---")
    yield from _insert("...\n---\n", "")


def empty_file() -> Iterator[Variant]:
    nothing = (
        "",
        "\n",
        " ",
        "\t",
        "#",
        "# only a comment\n",
        "---",
        "---\n",
        "...",
        "\ufeff",
        "~",
        "null",
    )
    also = (
        '""',
        "''",
        "{}",
        "[]",
        "\n\n\n",
        "\r\n",
        "  \n  ",
        "--- ~",
        "--- {}",
        "# a\n# b\n",
        "!!null",
        "-",
    )
    for text in (*nothing, *also):
        yield Variant(text, "")


def key_that_is_no_text() -> Iterator[Variant]:
    for odd in ("7", "1.5", "true", "~", "[a]", "{a: b}", "? [a]", '""'):
        yield from each("  host: {title: Host", [f"  {odd}: {{title: Host"], "key")
        yield from each("  to_do: {title", [f"  {odd}: {{title"], "key")
        yield from each("  closed: {title", [f"  {odd}: {{title"], "key")


def alias_bomb() -> Iterator[Variant]:
    for width in range(2, 12):
        for depth in (9, 30):
            rows = [f"a0: &a0 [{', '.join(['lol'] * width)}]"]
            rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, depth)]
            yield Variant(SMALL + "\n".join(rows) + "\n", "not allowed")
    yield Variant(f"{SMALL}a: &a [*a]\n", "aliases")


def merge_bomb() -> Iterator[Variant]:
    for depth in (2, 9, 40):
        rows = ["m0: &m0 {k: v}"]
        rows += [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: v}}" for n in range(1, depth)]
        yield Variant(SMALL + "\n".join(rows) + "\n", "not allowed")
    yield from every(_KEY, lambda m: f"{m[1]}<<: {{title: x}}\n{m[0]}", "merge keys")


def tag() -> Iterator[Variant]:
    tags = (
        "!!python/object/apply:os.system [id]",
        "!!binary aGk=",
        "!secret x",
        "!!set {a}",
        "!!int 5",
    )
    for odd in tags:
        yield from grid(
            (("title: Small visit", "title: {}"), ("due_soon: 5", "due_soon: {}")), [odd], "tags"
        )
    yield from every(_VALUE, lambda m: f"!odd {m[0]}", "tags (!odd)")


def huge_file() -> Iterator[Variant]:
    filler = (
        "# a comment\n",
        "a",
        "[",
        "{",
        "- ",
        "x: y\n",
        '"',
        "\n",
        " ",
        "\t",
        "é",
        "&a ",
        "*a ",
        "? ",
    )
    for unit in filler:
        yield Variant(SMALL + unit * (10_000_000 // len(unit)), "too")
    for unit in ("# c\n", "x", "\n", "k: v\n", "-\n", "  "):
        yield Variant(SMALL + unit * (520_000 // len(unit)), "too")


def deep_file() -> Iterator[Variant]:
    forms = (("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[{a: ", "}]"))
    for opening, closing in forms:
        for depth in (21, 100, 1_000, 10_000):
            text = f"{opening * depth}x{closing * depth}"
            folded = text.replace(": ", ":\n ").replace("[", "[\n") if depth > 100 else text
            yield Variant(f"{SMALL}deep: {folded}\n" if opening[0] in "[{" else folded, "")


def not_utf_8() -> Iterator[Variant]:
    for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        yield Variant(SMALL.encode(code), "UTF")
    for byte in (b"\x80", b"\xc3", b"\xff", b"\xe9", b"\xed\xa0\x80", b"\xf8", b"\xc0\xaf"):
        for old in ("Manager", "Closed"):
            yield Variant(SMALL.encode().replace(old.encode(), byte, 1), "UTF-8")


def character_that_does_not_belong() -> Iterator[Variant]:
    for code in (
        0,
        1,
        7,
        8,
        11,
        12,
        27,
        31,
        127,
        0x85,
        0x9F,
        0x2028,
        0x2029,
        0xFEFF,
        0x202E,
        0x2066,
        0xFFFE,
    ):
        for old in ("Manager", "call_visitor:"):
            yield Variant(change(old, f"{old[:3]}{chr(code)}{old[3:]}"), f"U+{code:04X}")


def tab_for_indent() -> Iterator[Variant]:
    yield from every(r"^ {2,4}(?=[a-z])", lambda m: "\t", "")


def indent_astray() -> Iterator[Variant]:
    yield from every(r"^ {4}(?=(?:title|stage|by|limit|source))", lambda m: "   ", "")
    yield from every(r"^ {4}(?=(?:title|stage|by|limit|source))", lambda m: "     ", "")


def quote_left_open() -> Iterator[Variant]:
    for mark in ('"', "'"):
        yield from every(_VALUE, lambda m, mark=mark: f"{mark}{m[0]}", "")  # type: ignore[misc]


def bracket_left_open() -> Iterator[Variant]:
    yield from every(r"\}$", lambda m: "", "")
    yield from every(r"\]", lambda m: "", "")
