"""Hostile templates each end in an error that names the file, soon, and in nothing else."""

from pathlib import Path
from time import perf_counter, process_time, thread_time

import pytest

from notifications.message import UnsendableMessage
from notifications.render import Renderer
from notifications.sandbox.samples import sample_facts
from notifications.sandbox.trial import TOO_LARGE, TOO_SLOW

MOST_SECONDS = 1.0  # of our own process: what runs elsewhere has a bound of its own
FASTEST_TRIAL_SECONDS = 0.05
FACTS = sample_facts()[0]
LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"

ESCAPES = {
    "class": "{{ ''.__class__ }}",
    "mro": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "item": "{{ title['__class__'] }}",
    "attr": "{{ ''|attr('__class__') }}",
    "attr in parts": "{{ ''|attr('__cla' ~ 'ss__')|attr('__mro__') }}",
    "map": "{{ ([title]|map(attribute='__class__')|first).mro() }}",
    "globals of a function": "{{ several.__globals__ }}",
    "globals of a macro": "{% macro m() %}{% endmacro %}{{ m.__globals__.os }}",
    "code of a function": "{{ several.__code__.co_consts }}",
    "init": "{{ several.__init__.__globals__ }}",
    "self": "{{ self._TemplateReference__context.eval_ctx }}",
    "format": "{{ '{0.__class__.__mro__}'.format(title) }}",
    "format_map": "{{ '{a.__class__}'.format_map({'a': title}) }}",
    "format through attr": "{{ ('{0.__class__}'|attr('format'))(title) }}",
    "filter format": "{{ '%(a)s'|format(a=several.__globals__) }}",
    "cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner": "{{ joiner.__init__.__globals__ }}",
    "namespace": "{{ namespace.__init__.__globals__ }}",
    "lipsum": "{{ lipsum.__globals__['os'] }}",
    "generator": "{{ (lines|map('upper')).gi_frame.f_globals }}",
    "import": "{% import 'os' as os %}{{ os.system('id') }}",
    "from import": "{% from '../render.py' import x %}",
    "include above": "{% include '../../../pyproject.toml' %}",
    "include absolute": "{% include '/etc/passwd' %}",
    "include behind a point": "{% include './../render.py' %}",
    "include by a list": "{% include ['../message.py', '/etc/hostname'] %}",
    "extends": "{% extends '/etc/passwd' %}",
    "change a list": "{{ lines.append(1) }}",
    "change a fact": "{{ lines[0].update({'title': 'x'}) }}",
    "call what is none": "{{ title() }}",
    "do": "{% do lines.clear() %}",
    "code": "{{ exec('1') }}",
}
BOMBS = {
    "repeat": ("{{ 'a' * 10 ** 9 }}", TOO_LARGE),
    "repeat a list": ("{{ [1] * 10 ** 9 }}", TOO_LARGE),
    "doubling": (
        "{% set n = namespace(a='aaaaaaaa') %}{% for i in range(40) %}{% set n.a = n.a ~ n.a %}"
        "{% endfor %}",
        TOO_LARGE,
    ),
    "center": ("{{ 'a'|center(10 ** 9) }}", TOO_LARGE),
    "ljust": ("{{ 'a'.ljust(10 ** 9) }}", TOO_LARGE),
    "format width": ("{{ '{:>1000000000}'.format('a') }}", TOO_LARGE),
    "filter width": ("{{ '%1000000000d'|format(1) }}", TOO_LARGE),
    "percent": ("{{ '%1000000000d' % 1 }}", TOO_LARGE),
    "indent": ("{{ ('a\\n' * 100000)|indent(100000) }}", ""),
    "batch": ("{{ range(2)|batch(10 ** 9, 'x')|list }}", TOO_LARGE),
    "replace": ("{{ ('a' * 100000)|replace('a', 'b' * 100000) }}", TOO_LARGE),
    "power": ("{{ 9 ** (9 ** 9) }}", TOO_SLOW),
    "endless": (
        "{% set n = namespace(a=1) %}{% macro m() %}{% for i in range(99999) %}"
        "{{ caller() }}{% endfor %}{% endmacro %}{% call m() %}" + LOOPS + "{% endcall %}",
        TOO_SLOW,
    ),
    "nested loops": (LOOPS, TOO_SLOW),
    "with facts": ("{% if lines %}" + LOOPS + "{% endif %}", TOO_SLOW),
    "wordwrap": ("{{ ('a' * 5000000)|wordwrap(1) }}", TOO_SLOW),
}
TURNS = {
    "endless recursion of a macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "recursive loop": "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}",
    "includes itself": "{% include 'turn_2.text.txt' %}",
    "extends itself": "{% extends 'turn_3.text.txt' %}",
    "a huge range": "{% for n in range(10 ** 9) %}{% endfor %}",
    "much output": "{% for n in range(90000) %}{{ title }}{% endfor %}",
    "deep brackets": "{{ " + "(" * 9000 + ")" * 9000 + " }}",
    "deep blocks": "{% if 1 %}" * 900 + "{% endif %}" * 900,
    "a huge number": "{{ " + "9" * 19_000 + " }}",
    "nothing ends": "{% raw %}{{",
    "a long address": "{{ ('http://' * 300000)|urlize }}",
    "unknown filter": "{{ title|nothing }}",
}


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """Return what has every escape and every turn among its templates."""
    folder = tmp_path_factory.mktemp("hostile")
    for kind, texts in (("escape", ESCAPES), ("turn", TURNS)):
        for number, text in enumerate(texts.values()):
            (folder / f"{kind}_{number}.text.txt").write_text(text, encoding="utf-8")
    return Renderer(folder)


def said(renderer: Renderer, notice: str) -> str:
    """Return the error in which a notice ends."""
    with pytest.raises(UnsendableMessage) as caught:
        renderer.render(notice, FACTS)
    assert f"the template {notice}.text.txt" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("number", range(len(ESCAPES)), ids=list(ESCAPES))
def test_an_escape_ends_in_an_error(renderer: Renderer, number: int) -> None:
    text = said(renderer, f"escape_{number}")
    assert "cannot be filled in" in text or "cannot be read" in text


@pytest.mark.parametrize("number", range(len(TURNS)), ids=list(TURNS))
def test_what_never_ends_or_never_begins_ends_in_an_error(renderer: Renderer, number: int) -> None:
    begun = process_time()
    said(renderer, f"turn_{number}")
    assert process_time() - begun < MOST_SECONDS


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_goes_off_elsewhere_and_soon(tmp_path: Path, name: str) -> None:
    template, reason = BOMBS[name]
    (tmp_path / "bomb.text.txt").write_text(template, encoding="utf-8")
    begun = thread_time()
    text = said(Renderer(tmp_path), "bomb")
    assert thread_time() - begun < MOST_SECONDS
    assert reason in text
    assert text.endswith(f"it is not used ({tmp_path / 'bomb.text.txt'})")


def test_a_template_that_was_refused_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "bomb.text.txt").write_text(BOMBS["repeat"][0])
    (tmp_path / "a.text.txt").write_text("First.")
    (tmp_path / "z.text.txt").write_text("Last.")
    renderer = Renderer(tmp_path)
    assert renderer.words("a", FACTS) == "First."
    assert renderer.words("z", FACTS) == "Last."
    assert TOO_LARGE in said(renderer, "bomb")


def test_what_includes_a_bomb_is_refused_as_well(tmp_path: Path) -> None:
    (tmp_path / "bomb.txt").write_text(BOMBS["repeat"][0])
    (tmp_path / "visit.text.txt").write_text("{% include 'bomb.txt' %}")
    assert TOO_LARGE in said(Renderer(tmp_path), "visit")


@pytest.mark.timed
def test_the_same_templates_are_tried_once_in_a_process(tmp_path: Path) -> None:
    """A trial takes a process of its own; a courier and a preview need not pay for it twice."""
    (tmp_path / "bomb.text.txt").write_text(f"{{{{ '{tmp_path}' * 10 ** 8 }}}}")
    begun = perf_counter()
    Renderer(tmp_path)
    first = perf_counter() - begun
    begun = perf_counter()
    assert TOO_LARGE in said(Renderer(tmp_path), "bomb")
    assert perf_counter() - begun < first / 4


def test_templates_without_a_folder_need_no_trial() -> None:
    found = list[float]()
    for _ in range(5):
        begun = perf_counter()
        Renderer()
        found.append(perf_counter() - begun)
    assert min(found) < FASTEST_TRIAL_SECONDS  # the others were disturbed


def test_a_harmless_template_passes_its_trial(tmp_path: Path) -> None:
    """The control: what is refused above is not refused for being foreign."""
    loop = "{% for n in range(2000) %}{% for m in range(20) %}{% endfor %}{% endfor %}Words."
    (tmp_path / "bomb.text.txt").write_text(loop)
    assert Renderer(tmp_path).words("bomb", FACTS) == "Words."
