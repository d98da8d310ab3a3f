"""A domain's glossary made ready for the corrector: of each term its forms, its cues and its sounds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.speech.phones import pronunciations, spelled
from core.speech.words import commonness, is_ordinary, plain, tokenise

RARE = 2.0
"""A word under this commonness is seldom meant in its everyday sense where a term is written in the same letters."""
_SIGNS = {"+": " plus", "#": " sharp", "&": " and ", "@": " at ", ".": " dot "}


class GlossaryTerm(Protocol):
    """What is needed of a term of a domain's glossary (core.domains.Term is one)."""

    @property
    def term(self) -> str: ...
    @property
    def spoken(self) -> Sequence[str]: ...
    @property
    def cues(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a term is written or misheard: its words in plain form.

    `cued` says that it is ordinary English too, and so counts only beside one of the term's cues.
    """

    words: tuple[str, ...]
    kind: str
    cued: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A term with all that is known of it; `sounds` are its pronunciations, `spellings` its letters.

    A `new` term has a word that everyday English lacks, so that a recogniser is likely to hear something else.
    """

    term: str
    forms: tuple[Form, ...]
    cues: frozenset[str]
    sounds: tuple[str, ...]
    spellings: tuple[str, ...]
    new: bool

    @property
    def words(self) -> tuple[str, ...]:
        return self.forms[0].words

    @property
    def letters(self) -> str:
        return "".join(self.words)

    @property
    def phones(self) -> int:
        """How many sounds it has, said the longest way."""
        return max(map(len, self.sounds), default=0)


def entries(glossary: Iterable[GlossaryTerm]) -> list[Entry]:
    """The terms of a glossary, each once."""
    return [_entry(term) for term in {term.term: term for term in glossary}.values()]


def _entry(term: GlossaryTerm) -> Entry:
    own = _words(term.term)
    letters = "".join(own)
    common = any(commonness(word) >= RARE for word in (letters, term.term))
    forms = {own: Form(own, "format", common and term.term != term.term.lower())}
    for sign, name in _SIGNS.items():
        if sign in term.term:
            said = _words(term.term.replace(sign, name))
            forms.setdefault(said, Form(said, "format", False))
    for spoken in term.spoken:
        said = _words(spoken)
        if "".join(said) == letters + "s":
            continue  # a plural is found as one, and stays one
        alias = "".join(said) != letters
        ordinary = is_ordinary(said) and (len(said) == 1 or bool(term.cues)) if alias else common
        forms.setdefault(said, Form(said, "alias" if alias else "format", ordinary))
    spoken_sounds = [_said(spoken) for spoken in term.spoken]
    sounds = dict.fromkeys(sound for sound in (*pronunciations(term.term), *spoken_sounds) if len(sound) > 1)
    cues = frozenset(plain(cue) for cue in term.cues)
    return Entry(
        term.term,
        tuple(forms.values()),
        cues,
        tuple(sounds),
        (letters, *_spellings(term, letters)),
        not is_ordinary(own),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.plain for token in tokenise(text))


def _said(spoken: str) -> str:
    """The likeliest pronunciation of a spoken form; single letters go by their names."""
    words = spoken.split()
    return "".join(spelled(word) if len(word) == 1 else pronunciations(word)[0] for word in words)


def _spellings(term: GlossaryTerm, letters: str) -> list[str]:
    return sorted({"".join(_words(spoken)) for spoken in term.spoken} - {letters})
