"""Which mutants there are, and a sample of them, drawn by a seed. The operators are mutmut's."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one small mistake in it; `path` is relative to the root."""

    path: Path
    line: int
    before: str
    after: str
    code: str

    @property
    def module(self) -> str:
        """Return the dotted name that the module is imported by."""
        return ".".join(self.path.with_suffix("").parts)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before}  ->  {self.after}"


class _File:
    """One module and the mistakes that can be made in it, in the order of the text."""

    def __init__(self, root: Path, path: Path) -> None:
        self.path = path
        wrapper = MetadataWrapper(libcst.parse_module((root / path).read_text(encoding="utf-8")))
        visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
        self._module = wrapper.visit(visitor)
        self._places = wrapper.resolve(PositionProvider)
        self.mistakes = visitor.mutations

    def place(self, mistake: Mutation) -> str:
        """Return where a mistake is made: the path, the line, and a colon."""
        return f"{self.path}:{self._places[mistake.original_node].start.line}:"

    def mutant(self, mistake: Mutation) -> Mutant:
        """Return the module with one of its mistakes made."""
        old, new = mistake.original_node, mistake.mutated_node
        mutated = self._module.deep_replace(old, new)
        assert isinstance(mutated, libcst.Module)
        return Mutant(
            path=self.path,
            line=self._places[old].start.line,
            before=_text(self._module, old),
            after=_text(self._module, new),
            code=mutated.code,
        )


def _text(module: libcst.Module, node: libcst.CSTNode) -> str:
    return " ".join(module.code_for_node(node).split())


class Mutants:
    """Every mutant that can be made of a package, in the order of its files.

    `only` is a part of PATH:LINE, of the places that are looked at.
    """

    def __init__(self, root: Path, package: str, *, only: str = "") -> None:
        paths = (path.relative_to(root) for path in sorted((root / package).rglob("*.py")))
        files = [_File(root, path) for path in paths if only.partition(":")[0] in str(path)]
        every = ((file, mistake) for file in files for mistake in file.mistakes)
        self._all = [(file, mistake) for file, mistake in every if only in file.place(mistake)]

    def __len__(self) -> int:
        return len(self._all)

    def drawn(self, sample: int | None, *, seed: int) -> Iterator[Mutant]:
        """Yield so many mutants, each as likely as another; all of them without a number."""
        chosen = self._all
        if sample is not None and sample < len(chosen):
            chosen = Random(seed).sample(chosen, sample)
        for file, mistake in chosen:
            yield file.mutant(mistake)
