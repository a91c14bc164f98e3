"""Whatever is damaged in a definition, its author is told in whole sentences what is wrong.

Of all damages those are tried of which something else is told than of those before. After a change
that is meant, `python -m tests.unit.model.checks.damages` writes them down anew.
"""

from tests.unit.model.checks.damages import FILE, damages, found, whole


def test_of_each_damage_is_found_what_is_written_down() -> None:
    text = FILE.read_text(encoding="utf-8").splitlines()
    tried = {line for line in text if not line.startswith("  ")}
    told: list[str] = []
    for name, document in damages(whole(), tried):
        told += [name, *(f"  {line}" for line in found(document))]
    assert told == text
