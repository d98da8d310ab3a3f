"""What a learner chooses before an interview, and what of it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domains import Domain
from core.engines.base import Fault, ServiceError
from core.interview.model import DEFAULT_TURNS, MAX_TURNS, Mode

MAX_CONTEXT = 60_000
"""Characters kept of a job advertisement or a CV."""


def refuse(sentence: str) -> ServiceError:
    """A refusal that a second try with the same input would meet again."""
    return ServiceError(Fault.BAD_INPUT, sentence, retryable=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the learner chose before the first question; level None means "find my level".

    `again` are the bank questions to ask before any other, which the learner's interview `again_of` has asked.
    """

    domain: str
    level: int | None = None
    mode: Mode = Mode.PRACTICE
    questions: int = DEFAULT_TURNS
    minutes: int | None = None
    role: str = ""
    job: str = ""
    cv: str = ""
    """What the interview is for: the role, a job advertisement, the learner's CV; all may be empty."""
    again: tuple[str, ...] = ()
    again_of: str = ""


def check(plan: Plan, domains: Mapping[str, Domain]) -> None:
    """Raises ServiceError with a sentence for the learner where an interview can't be held so."""
    if plan.domain not in domains:
        raise refuse(f"There is no domain called “{plan.domain[:60]}”.")
    if not 1 <= plan.questions <= MAX_TURNS:
        raise refuse(f"An interview has between 1 and {MAX_TURNS} questions.")
    if plan.level is not None and not 1 <= plan.level <= 5:
        raise refuse("Levels run from 1 to 5.")
    if plan.minutes is not None and not 1 <= plan.minutes <= 240:
        raise refuse("A time limit lies between 1 and 240 minutes.")
    if len(plan.again) > plan.questions:
        raise refuse("There are more questions to ask again than the interview has room for.")
    if any(domains[plan.domain].find(id_) is None for id_ in plan.again):
        raise refuse("One of these questions is no longer in the bank; begin a new interview instead.")
