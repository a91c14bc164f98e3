"""Lifecycles that cannot be walked: stages that are missing, cut off, without end, or far too many."""

from collections.abc import Iterator

from tests.broken.base import SMALL, Variant, change, change_all, each, every

_STAGES = ("planning", "visiting", "writing", "clearing", "on_hold", "closed")
_CLOSE = "  close: {from: clearing, to: closed, by: manager, requires: [destroy_notes]}\n"
_RESUME = "  resume: {from: on_hold, to: previous, by: manager}\n"


def missing_stage() -> Iterator[Variant]:
    for name in _STAGES:
        line = next(one for one in SMALL.splitlines() if one.startswith(f"  {name}:"))
        yield Variant(change(f"{line}\n", ""), f'"{name}"')
    yield from every(r"(?<=(?:from|. to): )([a-z]+)(?=[,}])", lambda m: f"no_{m[0]}", "no_{0}")
    yield from every(r"(?<=stage: )([a-z]+)$", lambda m: f"no_{m[0]}", "no_{0}")
    yield Variant(change("stages:\n", "stages: {}\nlost:\n"), "stages")


def unreachable_stage() -> Iterator[Variant]:
    for place in _STAGES[1:]:
        for extra in (
            "island: {title: I}",
            "limbo: {title: L, paused: true}",
            "end: {title: E, final: true}",
        ):
            yield Variant(
                change(f"  {place}: {{", f"  {extra}\n  {place}: {{"), "cannot be reached"
            )
    for cut in ("visiting", "writing", "clearing", "closed", "on_hold"):
        yield Variant(change(f"to: {cut}", "to: planning"), "")


def dead_end() -> Iterator[Variant]:
    for source in ("planning", "visiting", "writing", "clearing"):
        for title in ("Trap", "Pit", "Bog", "Maze"):
            key = title.lower()
            text = change_all(
                ("  closed: {title", f"  {key}: {{title: {title}}}\n  closed: {{title"),
                (_CLOSE, f"{_CLOSE}  fall: {{from: {source}, to: {key}, by: manager}}\n"),
            )
            yield Variant(text, f'"{key}" to a final one')
    yield Variant(change(_RESUME, ""), '"on_hold" to a final one')
    yield Variant(change(_CLOSE, ""), "closed")
    yield from each(", final: true", ["", ", final: false", ", paused: true"], "final")


def cycle_without_exit() -> Iterator[Variant]:
    for length in range(2, 12):
        for source in ("planning", "clearing"):
            ring = [f"ring_{n}" for n in range(length)]
            stages = "".join(f"  {name}: {{title: {name}}}\n" for name in ring)
            steps = "".join(
                f"  turn_{n}: {{from: {name}, to: {ring[(n + 1) % length]}, by: manager}}\n"
                for n, name in enumerate(ring)
            )
            enter = f"  enter: {{from: {source}, to: ring_0, by: manager}}\n"
            text = change_all(
                ("  closed: {title", f"{stages}  closed: {{title"), (_CLOSE, _CLOSE + enter + steps)
            )
            yield Variant(text, '"ring_0" to a final one')


def steps_that_never_rest() -> Iterator[Variant]:
    """Steps taken by themselves that lead in a circle."""
    for length in range(2, 22):
        ring = ["writing", *(f"ring_{n}" for n in range(1, length))]
        stages = "".join(f"  {name}: {{title: {name}}}\n" for name in ring[1:])
        steps = "".join(
            f"  turn_{n}: {{from: {name}, to: {ring[(n + 1) % length]}, at: once ready, requires: [visit_end]}}\n"
            for n, name in enumerate(ring)
        )
        text = change_all(
            ("  closed: {title", f"{stages}  closed: {{title"), (_CLOSE, _CLOSE + steps)
        )
        yield Variant(text, "in a circle")


def two_beginnings() -> Iterator[Variant]:
    """A stage is where a challenge begins by being first: a second one is told, or out of reach."""
    for name in _STAGES:
        for key in ("initial", "start", "first"):
            yield Variant(
                change(f"  {name}: {{", f"  {name}: {{{key}: true, "), f'unknown key "{key}"'
            )
    for place in _STAGES[1:]:
        yield Variant(
            change(f"  {place}: {{", f"  other: {{title: Other}}\n  {place}: {{"),
            "cannot be reached",
        )


def step_to_nothing() -> Iterator[Variant]:
    yield from every(r"(?<=, to: )([a-z_]+)(?=[,}])", lambda m: "nowhere", "nowhere")
    yield from every(r"(?<=, to: )([a-z_]+)(?=[,}])", lambda m: f"[{m[0]}, closed]", "to")
    yield from every(r", to: [a-z_]+", lambda m: "", 'the key "to" is missing')
    yield from every(r", to: [a-z_]+", lambda m: ", to: ~", '"to" has no value')


def step_out_of_the_end() -> Iterator[Variant]:
    for stage in ("planning", "visiting", "writing", "clearing"):
        for by in ("manager", "host", "[manager, host]", "visitor", "[host, visitor]"):
            yield Variant(
                change(_CLOSE, f"{_CLOSE}  reopen: {{from: closed, to: {stage}, by: {by}}}\n"),
                "final stage",
            )


def ten_thousand_stages() -> Iterator[Variant]:
    for count in (2_001, 5_000, 10_000, 20_000):
        for form in ("  s{}: {{title: S}}\n", "  s{}:\n    title: S\n", "  s{}: {{title: S, final: true}}\n",
                     "  s{}: {{title: S, paused: true}}\n", '  "s{}": {{title: S}}\n'):  # fmt: skip
            extra = "".join(form.format(number) for number in range(count))
            yield Variant(change("  closed: {title", f"{extra}  closed: {{title"), "too")


def step_by_nobody() -> Iterator[Variant]:
    yield from every(r"(?<=by: )manager(?=[,}])", lambda m: "nobody_xq", "nobody_xq")
    yield from every(r"(?<=by: )manager$", lambda m: "nobody_xq", "nobody_xq")
    yield from every(
        r"(?<=[a-z], by: )manager(?=[,}])", lambda m: "[manager, manager]", "listed twice"
    )
    yield from each(
        "[manager, host]", ["[manager, hosts]", "[host, host]", "[person]", "[day]"], ""
    )
    for odd in ("nobody", "everybody", "Manager", "manager@programme.example", "7", "~"):
        yield Variant(
            change("to: clearing, by: [manager, host]", f"to: clearing, by: {odd}"),
            odd if odd != "~" else "by",
        )
