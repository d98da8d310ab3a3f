"""What code can see of a story told in an interview: whether its parts are there, not how good they are."""

import re
from dataclasses import dataclass

from core.engines.base import Criterion
from core.grading.text import sentences, tokenise

_PARTS = {
    "situation": re.compile(
        r"\b(?:when i|at (?:my|the|a|our)|in (?:my|our|a)|last (?:year|month|summer|week)|years? ago|while i|project|team|client|customer|"
        r"manager|deadline|had to|needed to|was supposed|at stake|situation|problem was|worked (?:at|for|on|as)|working (?:at|for|on|as))\b",
        re.IGNORECASE,
    ),
    "action": re.compile(
        r"\bi (?:then |first |also |personally |decided to |immediately |quickly )?"
        r"(?!(?:learned|realised|realized|needed|wanted|hoped|noticed|worked (?:at|for|as|in))\b)(?:\w+ed|built|wrote|made|took|ran|led|met|set|went|sat|spoke|told|gave|put|got|chose|drew|found|began|brought|kept|sent|cut|taught|held)\b",
        re.IGNORECASE,
    ),
    "result": re.compile(
        r"\b(?:result(?:ed|s)?|in the end|eventually|turned out|outcome|as a consequence|afterwards|finally|led to|so that we|"
        r"increased|reduced|saved|improved|dropped|fell|rose|grew|went (?:up|down)|cut|finished|delivered|launched|on time|succeeded|agreed)\b",
        re.IGNORECASE,
    ),
    "reflection": re.compile(
        r"\b(?:learn(?:ed|t)|lesson|taught me|realised|realized|next time|since then|ever since|now i (?:always|make)|looking back|in hindsight|"
        r"differently|i would have|takeaway|changed how)\b",
        re.IGNORECASE,
    ),
}
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"hundred|thousand|million|half|third|quarter|twice|doubled|halved|per cent|percent)\b",
    re.IGNORECASE,
)
_WHY = {
    "situation": ("You set the scene.", "Say where and when it was, and what was at stake."),
    "action": ("You say what you did yourself.", "Say what you yourself did: “I asked …”, “I built …”."),
    "result": ("You say how it turned out.", "Say how it turned out, with a number if there is one."),
    "reflection": ("You say what you took from it.", "Say what you learnt or would do differently."),
}


@dataclass(frozen=True, slots=True)
class Checklist:
    """Which parts of a story were noticed, with the learner's words for each (verbatim, empty where there are none)."""

    quotes: dict[str, str]
    numbers: bool
    in_person: bool

    @property
    def share(self) -> float:
        """The share of the six things to look for that were noticed."""
        return (sum(bool(quote) for quote in self.quotes.values()) + self.numbers + self.in_person) / (
            len(self.quotes) + 2
        )


def checklist(answer: str) -> Checklist:
    """Looks for situation, action, result, reflection, numbers and “I” in an answer."""
    spans = [answer[start:end] for start, end in sentences(answer)]
    quotes = {part: next((span for span in spans if pattern.search(span)), "") for part, pattern in _PARTS.items()}
    in_person = sum(token.word in ("i", "my") for token in tokenise(answer)) >= 2
    return Checklist(quotes, bool(_NUMBER.search(answer)), in_person)


def criteria(answer: str) -> tuple[Criterion, ...]:
    """Levels for what is there: 3 for a part that is there, 0 for one that is not; how good it is, code can't tell."""
    seen = checklist(answer)
    levels = {part: 3 if quote else 0 for part, quote in seen.quotes.items()}
    if seen.quotes["result"] and seen.numbers:
        levels["result"] = 4
    if seen.quotes["action"] and not seen.in_person:
        levels["action"] = 2
    parts = [Criterion(part, levels[part], _WHY[part][0 if quote else 1], quote) for part, quote in seen.quotes.items()]
    words = len(tokenise(answer))
    told = 3 if 60 <= words <= 350 else 2 if words >= 25 else 1
    why = (
        "Long enough to follow, short enough to listen to."
        if told == 3
        else "A story of one to two minutes is easiest to follow."
    )
    return (*parts, Criterion("communication", told, why, ""))
