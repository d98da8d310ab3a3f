"""How an answer was delivered: pace, fillers, pauses, hedges, repetition and long sentences. Advice only, never in a score.

Accents are not looked at. Recognisers leave fillers out, so that their number is "at least".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from core.speech.words import tokenise

Band = Literal["good", "fair", "poor", "none"]
"""`none` where a figure is shown without a judgement."""

LONG_SENTENCE = 30
LEAST_SPEECH = 10.0
"""Seconds of speech under which a pace or a rate says little."""
EASY_PACE, _FAIR_PACE = (130, 160), (110, 180)
"""Words a minute that are easy to follow, and those that can be followed."""
_GOOD_FILLERS, _FAIR_FILLERS = 1, 5
_FILLERS = re.compile(r"\b(?:u+[hm]+|e+r+m*|h+m+|a+h+|you know|i mean)\b", re.IGNORECASE)
_HEDGES = re.compile(
    r"\b(?:i think|i guess|i suppose|i believe|i'm not sure|sort of|kind of|maybe|perhaps|probably|possibly|somehow"
    r"|basically|more or less|or something|something like that)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
_MAY_COME_TWICE = frozenset("had that is very really so many much bye no yes".split())


@dataclass(frozen=True, slots=True)
class Sound:
    """What is measured of a recording: its seconds, those from the first word to the last without long pauses, pauses, those
    of two seconds and more, and whether it is too noisy for any of it to be believed."""

    seconds: float
    speech: float
    pauses: int
    long_pauses: int
    noisy: bool

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Note:
    """One figure about an answer, with its band and what it means."""

    name: str
    value: str
    band: Band
    advice: str


def measure(text: str, sounds: Sequence[Sound] = ()) -> dict[str, Any]:
    """What is stored of an answer; `text` is what was heard or typed, `sounds` are of its recordings, none for typed ones."""
    text = text.replace("’", "'")
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    found: dict[str, Any] = {
        "words": len(tokenise(text)),
        "hedges": len(_HEDGES.findall(text)),
        "repeated": _repeated(sentences),
        "longest": max((len(tokenise(sentence)) for sentence in sentences), default=0),
        "long_sentences": sum(len(tokenise(sentence)) > LONG_SENTENCE for sentence in sentences),
    }
    if sounds and not any(sound.noisy for sound in sounds):
        found |= {
            "fillers": len(_FILLERS.findall(text)),
            "speech": round(sum(sound.speech for sound in sounds), 1),
            "pauses": sum(sound.pauses for sound in sounds),
            "long_pauses": sum(sound.long_pauses for sound in sounds),
        }
    return found


def _repeated(sentences: Iterable[str]) -> int:
    """How often a word stands twice in a row."""
    pairs = (two for sentence in sentences for two in pairwise(token.plain for token in tokenise(sentence)))
    return sum(a == b and a not in _MAY_COME_TWICE and not a.isdigit() for a, b in pairs)


def pace(found: dict[str, Any]) -> float | None:
    """Words a minute of speech; None where too little was said, or nothing can be said."""
    speech = found.get("speech") or 0.0
    return found["words"] / speech * 60 if speech >= LEAST_SPEECH else None


def filler_rate(found: dict[str, Any]) -> float | None:
    """Fillers a minute of speech, at least; None as for the pace."""
    speech = found.get("speech") or 0.0
    return found["fillers"] / speech * 60 if speech >= LEAST_SPEECH else None


def notes(found: dict[str, Any]) -> list[Note]:
    """What there is to be said of an answer, the spoken part first; what is as it should be is kept short."""
    noted = []
    if (words := pace(found)) is not None:
        noted.append(Note("Pace", f"{words:.0f} words a minute", pace_band(words), _on_pace(words)))
    if (rate := filler_rate(found)) is not None:
        band: Band = "good" if rate <= _GOOD_FILLERS else "fair" if rate <= _FAIR_FILLERS else "poor"
        advice = "" if band == "good" else "A short silence sounds surer than a filler."
        noted.append(Note("Fillers", f"at least {found['fillers']}", band, advice))
    if "pauses" in found:
        long_ = found["long_pauses"]
        value = f"{found['pauses']}" + (f", {long_} of two seconds or more" if long_ else "")
        noted.append(Note("Pauses", value, "fair" if long_ > 1 else "none", ""))
    if found["hedges"]:
        noted.append(
            Note("Hedges", str(found["hedges"]), "none", "“I think” or “maybe” where you know it takes weight off.")
        )
    if found["repeated"]:
        noted.append(Note("Words said twice", str(found["repeated"]), "none", ""))
    if found["long_sentences"]:
        advice = f"The longest has {found['longest']} words; two sentences are easier to follow."
        noted.append(Note(f"Sentences over {LONG_SENTENCE} words", str(found["long_sentences"]), "none", advice))
    return noted


def pace_band(words: float) -> Band:
    """Of so many words a minute."""
    if EASY_PACE[0] <= words <= EASY_PACE[1]:
        return "good"
    return "fair" if _FAIR_PACE[0] <= words <= _FAIR_PACE[1] else "poor"


def _on_pace(words: float) -> str:
    if words > EASY_PACE[1]:
        return f"{EASY_PACE[0]} to {EASY_PACE[1]} is easier to follow: slow down at the important words."
    return f"{EASY_PACE[0]} to {EASY_PACE[1]} keeps a listener's attention." if words < EASY_PACE[0] else ""
