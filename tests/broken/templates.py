"""Templates of messages that are no good: unknown words, syntax, circles, escapes, no end."""

from collections.abc import Iterator

_MARKS = ("{{", "{%", "{#")
_TAGS = ("if", "for x in", "set", "macro", "call", "filter", "with", "block", "import", "elif x")


def unknown_variable() -> Iterator[str]:
    names = ("titel", "Title", "peer", "chalenge", "recipient_nam", "when", "password", "settings", "env", "os",
             "self_", "none_such", "due_", "days", "x", "manager_", "person_name", "link_", "body_", "task_name")  # fmt: skip
    for name in names:
        yield f"Hello {{{{ {name}_xq }}}}"


def syntax_error() -> Iterator[str]:
    for mark in _MARKS:
        yield f"Hello {mark} title"
    for tag in _TAGS:
        yield f"Hello {{% {tag} %}}"
    for odd in ("{{ }}", "{{ title | }}", "{{ title. }}", "{{ 1 + }}", "{{ title title }}", "{% if title %}x",
                "{% for x in [1] %}x{% endif %}", "{{ 'x }}", "{% nosuchtag %}", "{{ title|nosuchfilter }}"):  # fmt: skip
        yield f"Hello {odd}"


def missing_template() -> Iterator[str]:
    for name in (
        "gone.txt",
        "other.text.txt",
        "frame.text",
        "general",
        "x.html",
        "no such",
        "a/b.txt",
        ".hidden",
        "frame.TXT",
        "1",
    ):
        yield f"{{% include '{name}' %}}"
        yield f"{{% extends '{name}' %}}"


def template_outside_the_folder() -> Iterator[str]:
    for path in ("../x.txt", "../../etc/passwd", "/etc/passwd", "..\\\\x", "./../x", "a/../../x", "file:///etc/passwd",
                 "%2e%2e/x", "~/x", "//x/y"):  # fmt: skip
        yield f"{{% include '{path}' %}}"
        yield f"{{% import '{path}' as p %}}"


def escape_attempt() -> Iterator[str]:
    inner = (
        "''.__class__", "''.__class__.__mro__", "().__class__.__bases__[0].__subclasses__()", "title.__init__",
        "self.__dict__", "title.__globals__", "cycler.__init__.__globals__", "lipsum.__globals__",
        "''['__class__']", "''|attr('__class__')", "'%s'.__format__", "'{0.__class__}'.format(title)",
        "'{0.__init__.__globals__}'.format_map({})", "title.__reduce__()", "[].append.__self__",
        "range.__class__", "joiner.__init__", "dict.__subclasses__()", "namespace.__init__.__globals__",
        "title.mro()",
    )  # fmt: skip
    for one in inner:
        yield f"{{{{ {one} }}}}"


def circular_include() -> Iterator[str]:
    """Each of them includes itself, at once or by a detour of its own blocks."""
    forms = ("{% include 'ME' %}", "x{% include 'ME' %}", "{% if true %}{% include 'ME' %}{% endif %}",
             "{% for x in [1, 2] %}{% include 'ME' %}{% endfor %}", "{% extends 'ME' %}",
             "{% import 'ME' as m %}{{ m.x }}", "{% from 'ME' import x %}{{ x }}",
             "{% with %}{% include 'ME' %}{% endwith %}", "{% set x %}{% include 'ME' %}{% endset %}{{ x }}",
             "{% macro x() %}{% include 'ME' %}{% endmacro %}{{ x() }}")  # fmt: skip
    for form in forms:
        yield form
        yield f"{form}\n"


def no_end() -> Iterator[str]:
    """Loops that count for very long, or fill the memory: stopped by the bounds of their process."""
    loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}INNER{% endfor %}{% endfor %}{% endfor %}"
    for inner in ("", "x", "{% set x = a %}", "{{ a }}"):
        yield loops.replace("INNER", inner)
    for size in ("10 ** 9", "99999999999", "100001", "2 ** 40"):
        yield f"{{% for a in range({size}) %}}x{{% endfor %}}"
    for much in ("'x' * 10 ** 9", "'x' * 10 ** 12", "[0] * 10 ** 10", "'%999999999d' % 1", "'x'.ljust(10 ** 10)",
                 "'x'.center(10 ** 9)", "9 ** (9 ** 9)", "(2 ** 99999999)|string", "'{:>999999999}'.format(1)",
                 "'x'|center(10 ** 9)", "'x'|indent(10 ** 9, true)", "range(10 ** 5)|batch(1, 'x' * 10 ** 9)|list"):  # fmt: skip
        yield f"{{{{ {much} }}}}"


MAKERS = (
    unknown_variable,
    syntax_error,
    missing_template,
    template_outside_the_folder,
    escape_attempt,
    circular_include,
)
SLOW = (no_end,)
