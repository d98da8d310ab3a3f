"""Puts technical terms right that a recogniser misheard, and offers what is less sure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.speech.field import EVERY_FIELD, NOTHING_SAID, Field, Talk
from core.speech.glossary import GlossaryTerm, entries
from core.speech.matching import FormMatcher, Match
from core.speech.soundalike import SoundMatcher
from core.speech.words import Token, american, tokenise

ALONE_WORDS = 4
_ALONE = re.compile(r"\w[^\W_A-Z]*(?:[ '’-][^\W_A-Z]+)*")
_ADDRESS = re.compile(r"\w+://\S+|\S+@\S+\.\S+")
_CONTEXT = 16
"""So many letters before a word tell which of several it is."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`heard`, which begins at `start` of the given text, is or may be `term`; kind is format, alias or sound."""

    heard: str
    term: str
    start: int
    kind: str

    def as_dict(self) -> dict[str, Any]:
        return {"from": self.heard, "to": self.term, "start": self.start, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Correction:
    """The text with the sure edits made, those edits, and what is only offered; both in the order of the text."""

    text: str
    edits: tuple[Edit, ...] = ()
    suggestions: tuple[Edit, ...] = ()

    def place(self, edit: Edit) -> int:
        """Where the words of an edit or a suggestion stand in the corrected text."""
        return edit.start + sum(len(done.term) - len(done.heard) for done in self.edits if done.start < edit.start)

    def as_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "edits": [edit.as_dict() for edit in self.edits],
            "suggestions": [edit.as_dict() for edit in self.suggestions],
        }


class Corrector:
    """Knows the terms of one domain; safe among threads, since it never changes."""

    def __init__(self, glossary: Iterable[GlossaryTerm], field: Field = EVERY_FIELD) -> None:
        self._entries, self._field = entries(glossary), field
        self._by_form = FormMatcher(self._entries)
        self._by_sound = SoundMatcher(self._entries, field)
        self._numbers = {entry.term: number for number, entry in enumerate(self._entries)}

    def correct(self, text: str, likely: Iterable[str] = (), before: Talk = NOTHING_SAID) -> Correction:
        """The text with its terms put right; what stands between them is untouched.

        `likely` are terms that the question and its rubric name: they are heard sooner than others. `before` was said
        before, by whomever (see `talk`): the more it is like interviews in the field, the likelier are terms.
        """
        tokens = tokenise(text)
        taken = _in_addresses(text, tokens)
        talk = self._field.technicality(tokens, before)
        alone = _is_alone(text, tokens) and talk(0, len(tokens)) >= 0
        written = [match for match in self._by_form.find(tokens, talk) if not any(taken[at] for at in match.words)]
        if alone:
            written = [replace(match, sure=match.sure or self._is_all(tokens, match)) for match in written]
        chosen = _choose([match for match in written if match.sure], taken)
        uncued = [match for match in written if not match.sure]
        numbers = frozenset(self._numbers[term] for term in likely if term in self._numbers)
        parts = {match.first for match in chosen if self._is_written(tokens, match)}
        found = self._by_sound.find(tokens, taken, talk, numbers, parts=parts, alone=alone)
        heard = [match for match in found if not any(_settles(form, match) for form in uncued)]
        longer = _choose([match for match in heard if match.sure], taken, parts)
        chosen = [match for match in chosen if not any(match.meets(one) for one in longer)] + longer
        edits = self._edits(text, tokens, chosen)
        offered = _choose([match for match in (*written, *heard) if not match.sure], taken, parts)
        return Correction(apply(text, edits), edits, self._edits(text, tokens, offered))

    def talk(self, text: str) -> Talk:
        """What a text tells of the talk that goes on after it; an answer in a word or two tells nothing."""
        tokens = tokenise(text)
        return self._field.talk(tokens) if len(tokens) > ALONE_WORDS else NOTHING_SAID

    def _is_all(self, tokens: Sequence[Token], match: Match) -> bool:
        """Whether a match is all that was said, and not what the domain's own texts say."""
        return len(match.words) == len(tokens) and not all(self._field.has(token.written) for token in tokens)

    def _is_written(self, tokens: Sequence[Token], match: Match) -> bool:
        """Whether a match is one word that has the letters of its term."""
        return len(match.words) == 1 and tokens[match.first].plain == self._entries[match.entry].letters

    def _edits(self, text: str, tokens: Sequence[Token], matches: Iterable[Match]) -> tuple[Edit, ...]:
        """What changes something; a term that is in the text as it should be is a match, but no edit."""
        found = []
        for match in sorted(matches, key=lambda match: match.first):
            start, end = tokens[match.first].start, tokens[match.last - 1].end
            heard = text[start:end]
            term = _in_own_spelling(self._entries[match.entry].term, tokens[match.first : match.last])
            if match.plural:
                term += heard[-2:] if heard[-2] in "'’" else "s"
            if heard != term and not (term == term.lower() and heard.casefold() == term):
                found.append(Edit(heard, term, start, match.kind))
        return tuple(found)


def _in_own_spelling(term: str, words: Sequence[Token]) -> str:
    """The term, with words that others spell in another way, as in "normalization", as they are written in the text."""
    parts = tokenise(term)
    if len(parts) != len(words):
        return term
    for part, word in zip(reversed(parts), reversed(words), strict=True):
        theirs = word.written.lower()
        for own in (theirs, theirs.removesuffix("s")):
            if own != part.written.lower() and american(own) == american(part.written):
                term = term[: part.start] + own + term[part.end :]
                break
    return term


def _settles(form: Match, heard: Match) -> bool:
    """Whether ordinary English that is a form of some term says more of these words than their sound does."""
    if (form.first, form.last) == (heard.first, heard.last):
        return True
    return form.entry == heard.entry and form.meets(heard)


def _in_addresses(text: str, tokens: Sequence[Token]) -> list[bool]:
    """Of each word, whether it is a part of an address on the web or of one for mail, which stay as they are."""
    spans = [found.span() for found in _ADDRESS.finditer(text)]
    return [any(start <= token.start < end for start, end in spans) for token in tokens]


def _is_alone(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a text is no sentence, nor a heading or a line of one, but an answer in a word or two, so likely a term."""
    return len(tokens) <= ALONE_WORDS and _ALONE.fullmatch(text.strip()) is not None


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with these edits made."""
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.term + text[edit.start + len(edit.heard) :]
    return text


def swapped(box: str, text: str, at: int, old: str, new: str) -> str:
    """`box`, which holds most of `text`, with the `old` that stands at `at` of `text` made `new`.

    It is found by the letters before it, or else as the first such word; where it is gone, nothing changes.
    """
    before, word = re.escape(text[max(0, at - _CONTEXT) : at]), f"({re.escape(old)})"
    for pattern in (f"{before}{word}", rf"(?<!\w){word}(?!\w)"):
        if found := re.search(pattern, box, re.IGNORECASE):  # a shorter term in it may have got its capitals
            return box[: found.start(1)] + new + box[found.end(1) :]
    return box


def _choose(matches: Sequence[Match], taken: list[bool], parts: Collection[int] = ()) -> list[Match]:
    """The best matches of which no two share a word; their words are taken from then on.

    A match of several words may have among them taken ones that are `parts`.
    """
    chosen: list[Match] = []
    for match in sorted(matches, key=lambda match: (-match.score, match.first - match.last, match.kind != "format")):
        free = all(not taken[at] or (at in parts and match.last > match.first + 1) for at in match.words)
        if free and not any(match.meets(one) for one in chosen):
            taken[match.first : match.last] = [True] * len(match.words)
            chosen.append(match)
    return chosen
