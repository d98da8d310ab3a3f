"""What keeps an answer from scoring by anything but what it says: nothing said, stuffing, padding."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from core.grading.text import FUNCTION_WORDS, Token, content_stems, tokenise

_DONT_KNOW = re.compile(
    r"""\b(?:
        i\s+(?:really\s+|honestly\s+|actually\s+|just\s+|simply\s+)?
            (?:do\s*n[o'’]?t|do\s+not|ca\s*n[o'’]?t|can\s*not|could\s*n[o'’]?t|did\s*n[o'’]?t|have\s*n[o'’]?t)\s+
            (?:really\s+|even\s+|quite\s+|actually\s+)?(?:know|remember|recall|understand|have\s+(?:an?y?\s+)?(?:idea|clue|answer)|say|learn(?:ed|t)?|heard?)
      | (?:i\s+have\s+|i['’]?ve\s+(?:got\s+)?|got\s+|sorry\s+)?(?:absolutely\s+)?no\s+(?:idea|clue|answer)
      | (?:i['’]?m\s+|i\s+am\s+|^\W*(?:sorry\W+)?)not\s+(?:really\s+|quite\s+|too\s+|at\s+all\s+)?(?:sure|certain|familiar)
      | (?:i\s+have\s+|i['’]?ve\s+|i\s+|^\W*)never\s+(?:heard|learn(?:ed|t)|seen|used)
      | i\s*(?:['’]?d|would|['’]?ll|will)?\s+(?:have\s+to|need\s+to)\s+(?:look\s+(?:it|this|that)\s+up|google\s+(?:it|this|that))
      | idk | dunno | no\s+comment | i\s+give\s+up | (?:let['’]?s\s+)?skip\s+(?:this|it|that)(?:\s+(?:one|question))?
      | next\s+question | (?:i['’]?ll\s+|i\s+will\s+|i\s+)?pass\s+on\s+(?:this|that)(?:\s+(?:one|question))?(?=\W*$) | (?:my\s+)?mind\s+(?:is|went|has\s+gone)\s+blank
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ALONE = re.compile(r"\W*(?:pass|skip|none|nothing|n\s*/\s*a|na|no answer|unsure|next|blank|\?+)\W*", re.IGNORECASE)
_AROUND_DONT_KNOW = frozenset(
    content_stems(
        "sorry afraid honestly answer question idea clue moment topic familiar please move next one come back sure"
    )
)
LONG, LONG_WINDED = 120, 200
"""Words: spoken in one minute, and in nearly two."""
_FILLERS = frozenset(["um", "uh", "er", "erm", "hmm", "well", "so", "ok", "okay", "yeah", "right", "like"])
_CODE = re.compile(r"[(){}\[\]=<>;+*/|&_]")
_CLAUSE_WORDS = frozenset(
    """i you he she it we they me him them us this that these those which who what is are was were be been am being do
    does did has have had can could will would shall should may might must not because when if so than then while whereas
    although though since until unless there where how""".split()
)


def nothing_said(answer: str, question: str, reference: str, struck: Sequence[str] = ()) -> str | None:
    """Why there is nothing to grade in an answer, as a sentence for the learner; None if there is.

    `answer` is what is left of it, `struck` what was taken out.
    """
    tokens = tokenise(answer)
    if not tokens:
        return "What is said to the grader doesn't count." if struck else "There were no words in this answer."
    words = {token.word for token in tokens}
    expected = telling(tokenise(reference))
    content = telling(tokens)
    spoken = {token.word for token in tokens if token.content or token.negation}
    alone = _ALONE.fullmatch(answer) and not spoken & {token.word for token in tokenise(reference)}
    if alone or (words <= _FILLERS and not content & expected):
        return "You passed on this question."
    if _DONT_KNOW.search(answer) and not _beyond_dont_know(answer, question):
        return "You said that you don't know this one."
    asked = [token.stem for token in tokenise(question)]
    new = content - set(asked)
    repeated = LCSseq.similarity(asked, [token.stem for token in tokens]) / max(1, len(asked))
    if repeated >= 0.7 and len(new) <= 0.15 * len(content) and not new & expected:
        return "This answer repeats the question."
    return None


def telling(tokens: Sequence[Token]) -> set[str]:
    """The stems that can answer a question: "one" is a small word, and yet may be the whole answer."""
    return {token.stem for token in tokens if token.content or token.stem.isdigit()}


def gives_up(answer: str, question: str) -> bool:
    """Whether a short answer says that the learner doesn't know and adds hardly anything."""
    short = len(tokenise(answer)) <= 14 and _DONT_KNOW.search(answer)
    return bool(short) and len(_beyond_dont_know(answer, question)) < 3


def _beyond_dont_know(answer: str, question: str) -> set[str]:
    return set(content_stems(_DONT_KNOW.sub(" ", answer))) - set(content_stems(question)) - _AROUND_DONT_KNOW


def looks_stuffed(text: str, tokens: Sequence[Token], *, prose: bool = False, echo: bool = False) -> bool:
    """Whether words are strung together rather than said: hardly any of the small words that make sentences.

    Short answers and code can be telegraphic, so less is asked of them; more where `prose` is expected, or where the
    answer is an `echo` that has no content word of its own. The bounds are from answers that people rated 7 of 10 or
    better (under 1 % fall below) and from spoken ones (none does).
    """
    words = [token.word for token in tokens]
    if len(words) < 8 or len(_CODE.findall(text)) > 0.15 * len(words):
        return False
    share, grammar, kinds = _small_words(words)
    if prose and len(words) >= 12:
        return share < 0.30 or grammar < (0.20 if echo else 0.12) or (len(words) >= 20 and kinds < 6)
    if share < (0.25 if prose else 0.15) or (echo and grammar < 0.08):
        return True
    return len(words) >= 20 and (share < 0.22 or grammar < 0.08 or kinds < 4)


def bare_list(tokens: Sequence[Token]) -> bool:
    """Whether a long answer has hardly one of the small words, which not even notes do without."""
    return len(tokens) >= 25 and _small_words([token.word for token in tokens])[0] < 0.08


def telegraphic(tokens: Sequence[Token]) -> bool:
    """Whether a reference is itself a list of terms, so that a list can be the right answer."""
    return _small_words([token.word for token in tokens])[0] < 0.35


def _small_words(words: Sequence[str]) -> tuple[float, float, int]:
    """Share of function words; how often two of them meet or one makes a clause; how many different ones there are."""
    count = max(1, len(words))
    small = [word in FUNCTION_WORDS for word in words]
    together = sum(one and two for one, two in pairwise(small)) / count
    clauses = sum(word in _CLAUSE_WORDS for word in words) / count
    return sum(small) / count, together + clauses, len(set(words) & FUNCTION_WORDS)


def looks_padded(tokens: Sequence[Token], relevant: float) -> bool:
    """Whether the `relevant` share of a long answer's words is small."""
    return relevant < (0.5 if len(tokens) > LONG_WINDED else 0.35 if len(tokens) > LONG else 0.0)


def repeats_itself(tokens: Sequence[Token]) -> bool:
    """Whether an answer says the same words over and over."""
    words = [token.word for token in tokens]
    return len(words) >= 30 and len(set(words)) / len(words) < 0.30
