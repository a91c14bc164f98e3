"""The small words that phrases are made of: numbers, units, keys and lists of keys."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.model.errors import PhraseError, did_you_mean
from workflow.model.language.phrases import Unit

MOST_CHARACTERS = 200
MOST_COUNTED = 1000
NUMBER_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
GRAMMAR_WORDS = frozenset(
    {"after", "and", "at", "before", "every", "is", "of", "on", "or", "the", "to", "when"}
)

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_WHOLE = re.compile(r"[0-9]+")
_UNITS = {unit.value: unit for unit in Unit} | {unit.value[:-1]: unit for unit in Unit}
_SAME = {"calendar ": "", "business ": "working ", "consecutive ": ""}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase while it is read: its `text`, and a `hint` that shows how one is written."""

    text: str
    hint: str

    @property
    def lowered(self) -> str:
        """Return the text in small letters."""
        return self.text.lower()

    def refuse(self, why: str, *, is_hinted: bool = True) -> PhraseError:
        """Return the error that says `why`, and how such a phrase is written."""
        tail = f'; write for example "{self.hint}"' if is_hinted else ""
        return PhraseError(f'"{self.text}": {why}{tail}')

    def unknown(self, what: str, word: str, known: Sequence[str]) -> PhraseError:
        """Return the error that `word` is none of the `known` ones, with the nearest."""
        guess = did_you_mean(word, known)
        return PhraseError(f'"{self.text}": unknown {what} "{word}"{guess}')

    def key(self, word: str, what: str) -> str:
        """Return `word` if it can be the key of a `what`.

        Raises:
            PhraseError: it is not one key, or a word of the grammar.
        """
        if _KEY.fullmatch(word) and word not in GRAMMAR_WORDS:
            return word
        shown = f'"{word}"' if word else "nothing"
        raise self.refuse(f"{what} is wanted, a key of small letters, digits and _, not {shown}")

    def number(self, word: str, *, most: int = MOST_COUNTED) -> int:
        """Return the whole number from 1 to `most` that `word` says, in digits or as a word.

        Raises:
            PhraseError: it says no such number.
        """
        if word in NUMBER_WORDS:
            return NUMBER_WORDS.index(word) + 1
        if _WHOLE.fullmatch(word) and 1 <= int(word) <= most:
            return int(word)
        raise self.refuse(f'"{word}" is not a whole number from 1 to {most} (or one to twelve)')

    def unit(self, word: str) -> Unit:
        """Return the unit that `word` names, in the singular or the plural.

        Raises:
            PhraseError: there is no such unit.
        """
        for said, meant in _SAME.items():
            if word.startswith(said):
                return self.unit(meant + word.removeprefix(said))
        if word in _UNITS:
            return _UNITS[word]
        raise self.unknown("unit", word, [unit.value for unit in Unit])


def read_phrase(value: object, hint: str) -> Phrase:
    """Return the phrase that a definition's `value` is, with its spaces made single.

    Raises:
        PhraseError: it is not words, empty, longer than 200 characters, or cannot be shown.
    """
    if not isinstance(value, str):
        shown = str(value)[:60]
        raise PhraseError(f'words in quotes are wanted, not {shown}; write for example "{hint}"')
    phrase = Phrase(" ".join(value.split()), hint)
    if not phrase.text:
        raise PhraseError(f'words are wanted here, not an empty text; write for example "{hint}"')
    if len(value) > MOST_CHARACTERS:
        cut = Phrase(f"{phrase.text[:40]}…", hint)
        raise cut.refuse(f"a phrase has at most {MOST_CHARACTERS} characters, not {len(value)}")
    if not phrase.text.isprintable():
        shown = "".join(letter if letter.isprintable() else "?" for letter in phrase.text)
        raise Phrase(shown, hint).refuse("there is a character that cannot be shown")
    return phrase


def split_list(text: str, joiner: str) -> list[str]:
    """Return the parts of `A, B and C`, where `joiner` is the word before the last one."""
    return re.split(rf"\s*,\s*(?:{joiner}\s+)?|\s+{joiner}\s+", text)
