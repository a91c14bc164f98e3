"""What a short answer proposes. Pure; careful rather than clever.

Whatever this says, a manager reads the answer and accepts it or not. To take "done" for no answer
costs a look; to take "not yet" for "done" could cost a challenge its promise. So an answer is
`done` only when it is short, says so, and holds no word that could take it back.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, TypeVar

from notifications.incoming.days import days_in, times_in

MOST_WORDS = 60
"""An answer with more words is for a person to read."""

_T = TypeVar("_T")
IntentKind = Literal["done", "cannot", "another_time", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What an answer seems to mean.

    `on` is the one day that it names: on which it was done, or which would suit; `at` is the one
    time of that day. Both are local.
    """

    kind: IntentKind
    on: date | None = None
    at: time | None = None


UNCLEAR = Intent(kind="unclear")


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})(?!\w)")


_TAIL = (
    r"(?:(?!\b(?:not|but|except\w*|still|yet|until|till|however|though|although|apart|other|besides"
    r"|while|keep\w*|kept|rest|remain\w*|destroy\w*|shred\w*|delet\w*|have|has|had|will|only"
    r"|\w+n't|\w+'ve|\w+'ll)\b)[^.!?,;\n]){0,60}"
)
"""The rest of a polite phrase, as far as nothing in it could take an answer back."""

_COURTESIES = _words(
    r"(?:please )?(?:do )?(?:let me know|get in touch|shout|contact me) if (?:you|there)" + _TAIL,
    r"if you (?:need|want|require|have) any(?:thing|) ?(?:else|more|further)?" + _TAIL,
    r"(?:please )?(?:do not|don't) hesitate" + _TAIL,
    r"no (?:problem|worries)(?: at all)?",
    r"(?:many |lots of )?thank(?:s|ing)?(?: you)?(?: very much| so much| a lot)?",
    r"as (?:you )?(?:requested|asked|discussed|agreed|promised|per your (?:e-?mail|request))",
    r"please (?:note|be advised|take (?:this|it) as (?:my |a )?confirmation)(?: that)?",
    r"i hope (?:you are|you're|this finds you|all is)" + _TAIL,
    r"hope (?:you are|you're|all is)" + _TAIL,
    r"(?:i )?look forward to" + _TAIL,
    r"sorry (?:for|about) the (?:delay|late reply|wait)",
    r"apologies for (?:the|my) (?:delay|late reply|wait)",
)
_CONFIRMS = re.compile(
    r"\b(?:i |we )?(?:can|am happy to|am pleased to|would like to|write to|am writing to)"
    r"(?: now| also)? confirm(?: that)?(?!\w)"
)
_GREETING = re.compile(
    r"^\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^,.!?\n]{0,40}[,.!\n]"
)
_DONE = (
    r"(?:done|completed|finished|sorted|actioned|carried out|dealt with"
    r"|(?:is|are|now|all) complete)"
)
_DESTROYED = r"(?:destroyed|shredded|deleted|wiped|erased|burnt|burned|disposed of|pulped|purged)"
_DELIVERED = r"(?:sent|submitted|uploaded|signed|returned|filled in)"
_DESTRUCTION = r"confirm\w* (?:the |my )?(?:\w+ )?(?:destruction|deletion|disposal)"
_SAYS_DONE = {
    True: _words(_DONE, _DESTROYED, _DESTRUCTION),
    False: _words(_DONE, _DELIVERED),
}
_BARELY_DONE = re.compile(r"(?:yes[,.! ]*)?(?:i )?(?:confirm|confirmed|complete)[.! ]*")
_RESERVATIONS = _words(
    r"not|never|no|none|nothing|nobody|neither|nor|without|cannot|\w+n't",
    r"(?:have|has|had|do|does|did|wo|ca|could|would|should|is|are|was|were)nt",
    r"except(?:ing|ion|ed)?|apart from|aside from|other than|but|besides|bar|save (?:for|the)",
    r"exclud\w+|excl|minus|however|although|though|unless|until|till|whereas|yet|still|almost",
    r"nearly|partly|partially|mostly|largely|some|most|many|half|part|few|rest|remain\w*|left",
    r"outstanding|one of|first of|\d+ (?:out )?of \d+|(?<!/)\d+/\d+(?![/\d])|\d+ ?(?:%|per ?cent)",
    r"will|shall|going to|gonna|\w+'ll|\w+'d|plan\w*|intend\w*|aim\w*|tomorrow|tonight|later",
    r"soon|next|shortly|asap|eventually|in due course|in progress|in the process|working on",
    r"about to|being|doing|having|getting|get|finishing|completing|destroying|shredding|deleting",
    r"if|would|could|should|might|can|may (?:be|have|need|still|well)|i may|we may|whether",
    r"hope\w*|expect\w*|try\w*|tried|attempt\w*|want\w*|wish|need\w*|must|have to|has to|had to",
    r"to (?:be|do|destroy|shred|delete|wipe|complete|finish|send|submit)|due|pending|waiting",
    r"await\w*|ready|maybe|perhaps|possibly|probably|think|thought|believe|guess|suppose|assume\w*",
    r"presume\w*|pretty sure|unsure|as far as|afaik|said than done|well done|done (?:with|for)",
    r"my best|before|keep\w*|kept|retain\w*|hold\w*|held|backups?|back-ups?|backed up|only",
    r"please|when|how|why|what|which|where|who|whom|whose|once|you|your|yours|he|she|they|his|her",
    r"hers|their|theirs|him|them|colleagues?|(?:everyone|everybody|someone|somebody)(?: else)?",
    r"unable|fail\w*|refus\w*|forg[eo]t\w*|problems?|issues?|trouble|lost|missing|unfortunately",
    rf"has (?:now |already |also |just |\w+ly )*(?:{_DONE}|{_DESTROYED}|{_DELIVERED})",
    rf"have (?:it|this|that|these|everything|my \w+|the \w+) (?:{_DONE}|{_DESTROYED})",
    r"ought|supposed|used to|as good as|close to|far from|consider it|batch|several|majority|bulk",
    r"first|second|third|couple|end of|this (?:coming )?week(?:end)?|unread|by mistake|accident\w*",
    r"in (?:a|an|one|two|three|four|five|six|\d+) (?:minute|hour|day|week|month)s?",
    r"burn(?:ed|t) out",
    r"(?:this|that|the|an?|one) (?:e-?mail|message|link|attachment)|finished (?:with|work)",
    r"\w+'s (?:\w+ )?(?:notes?|notebooks?|copy|copies|papers?|files?|documents?)",
    r"by (?:the|next|end|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
    r"|dec|\d)\w*",
)
_NEVER_THAT = _words(
    r"(?:can't|cannot|can not|cant) (?:wait|thank|enough|recall|remember|see (?:why|any))"
    r"|(?:can't|cannot|can not|cant|unable to|not able to|couldn't|could not) (?:seem to )?"
    r"(?:open|access|log ?in|find|view|download|read|click|see the|get (?:in|into|onto|on))"
)
_CANNOT = _words(
    r"can't|cannot|can not|cant|unable to|not able to|(?:wo|would)n't be able|wont be able",
    r"will not be able|not possible|impossible|couldn't|could not|must decline|have to decline",
    r"need to decline|decline|no longer able|not in a position",
)
_ANOTHER_TIME = _words(
    r"re-?schedul\w*|re-?arrang\w*|postpone\w*|(?<!no )extension|extend|(?<!no )more time",
    r"(?:another|different|alternative|later|new|earlier) (?:time|date|day|slot|week)",
    r"(?:push|put|move) (?:it|this|that|the \w+) (?:back|to)|bring (?:it|this|the \w+) forward",
)
_SUGGESTS = _words(
    r"(?:could|can|may|might|shall|should) (?:we|i|you|it|the)|would it be|is it possible",
    r"any chance|how about|what about|instead|prefer\w*|suits?|better for me|works? better",
    r"(?:would|will) work|i (?:can|could) (?:do|make)|(?:i am|i'm) (?:free|available)|until",
)
_SOMETIME = _words(r"(?:next|this|following) week|morning|afternoon|evening|lunchtime|end of")


def intent_of(said: str, *, destroys: bool, on: date) -> Intent:
    """Return what an answer proposes, as it was written `on` a local day.

    `destroys`: the task is to destroy something, so that only this counts as done.
    """
    text = _plain(said)
    if not text or len(text.split()) > MOST_WORDS:
        return UNCLEAR
    days = days_in(text, on=on, is_past=True)
    if _is_done(text, destroys=destroys) and all(day <= on for day in days):
        return Intent(kind="done", on=_only(days))
    if _ANOTHER_TIME.search(text) or (_SUGGESTS.search(text) and _names_a_time(text, on=on)):
        return _another_time(text, on=on)
    is_refused = _CANNOT.search(text) and not _NEVER_THAT.search(text)
    return Intent(kind="cannot") if is_refused else UNCLEAR


def takes_back(said: str) -> bool:
    """Return whether a text holds a word that could take back what is said above it."""
    return _RESERVATIONS.search(_plain(said)) is not None


def _plain(said: str) -> str:
    """Return what was said in small letters, without what is only polite."""
    text = said.casefold().replace("\u2019", "'").strip()
    greeting = _GREETING.match(text)
    if greeting is not None and not _RESERVATIONS.search(greeting[0]):
        text = text[greeting.end() :]
    text = _CONFIRMS.sub(" confirm ", text)
    return " ".join(_COURTESIES.sub(" ", text).split())


def _is_done(text: str, *, destroys: bool) -> bool:
    if "?" in text or _RESERVATIONS.search(text):
        return False
    is_said = _SAYS_DONE[destroys].search(text) or _BARELY_DONE.fullmatch(text)
    return is_said is not None


def _names_a_time(text: str, *, on: date) -> bool:
    is_named = bool(days_in(text, on=on, is_past=False) or times_in(text))
    return is_named or _SOMETIME.search(text) is not None


def _another_time(text: str, *, on: date) -> Intent:
    """Return the one day and time that would suit; a text that also says "not" may mean another."""
    if _CANNOT.search(text) or re.search(r"\bnot\b|n't\b|\binstead of\b", text):
        return Intent(kind="another_time")
    day = _only(days_in(text, on=on, is_past=False))
    return Intent(kind="another_time", on=day, at=_only(times_in(text)) if day else None)


def _only(found: set[_T]) -> _T | None:
    return next(iter(found)) if len(found) == 1 else None
