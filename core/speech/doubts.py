"""What recognisers write when they heard nothing, or lost their thread: their own prompt, a loop, a video's last words."""

import re
from collections.abc import Sequence

from core.speech.words import tokenise

ECHO_WORDS, ECHO_TERMS, ECHO_AT_LEAST = 0.9, 0.7, 8
"""An echo is a text of so many words, of which this share are from the glossary, and that holds this share of it."""
PROMPTED_TERMS = 30
"""So many of the best terms fit into the shortest prompt."""
LOOP = 4
"""A phrase that is said so often in a row is the recogniser's own doing; of a single word it takes LOOP_OF_ONE."""
LOOP_OF_ONE = 6
_LOOPED = re.compile(
    rf"\b(\w+(?:\W+\w+){{1,11}}?)(?:\W+\1\b){{{LOOP - 1},}}|\b(\w+)(?:\W+\2\b){{{LOOP_OF_ONE - 1},}}", re.IGNORECASE
)
_OF_SILENCE = re.compile(
    r"""(?:(?:thanks|thank\ you)(?:\ so\ much|\ very\ much)?\ for\ (?:watching|listening|viewing)(?:\ and\ .{0,60})?
    |(?:please\ )?(?:like\ and\ )?subscribe(?:\ to\ (?:my|our|the)\ channel)?
    |(?:sub)?titles?\ by\ .{0,60}|transcri(?:bed|ption)\ by\ .{0,60}|captions?\ by\ .{0,60}
    |(?:i'll\ )?see\ you\ (?:in\ the\ )?next\ (?:time|video|one)|you|bye(?:[ -]bye)?|music|applause|silence
    |(?:♪\ ?)+)[\s.!,]*""",
    re.IGNORECASE | re.VERBOSE,
)


def is_echo(text: str, terms: Sequence[str]) -> bool:
    """Whether a text is little but the glossary that was sent along."""
    sent = [[token.plain for token in tokenise(term)] for term in terms[:PROMPTED_TERMS]]
    known = {word for term in terms for word in (token.plain for token in tokenise(term))}
    words = [token.plain for token in tokenise(text)]
    if len(words) < ECHO_AT_LEAST or not sent:
        return False
    flat = f" {' '.join(words)} "
    there = sum(f" {' '.join(term)} " in flat for term in sent)
    return sum(word in known for word in words) >= ECHO_WORDS * len(words) and there >= ECHO_TERMS * len(sent)


def is_of_silence(text: str) -> bool:
    """Whether a whole text is what recognisers are known to write of silence and noise."""
    return _OF_SILENCE.fullmatch(text.strip(" [](){}*")) is not None


def without_loops(text: str) -> str:
    """The text with each phrase that is said over and over said once."""
    return _LOOPED.sub(lambda found: found[1] or found[2], text)
