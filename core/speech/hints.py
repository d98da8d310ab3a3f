"""What a recogniser is told before it listens: the terms that are likeliest in the answer, best first."""

from core.domains import Domain, Question
from core.engines.base import SpeechHints
from core.speech.words import tokenise


def hints_for(domain: Domain, asked: str, question_id: str | None, skill: str, language: str) -> SpeechHints:
    """The domain's terms by rank: in the question, in its rubric, of the same skill, of weight; ties by name."""
    question = domain.find(question_id) if question_id else None
    said, rubric = _flat(asked), _flat(_rubric(question)) if question else ""

    def rank(term: str, own_skill: str | None, weight: int) -> tuple[bool, bool, bool, int, str]:
        sought = _flat(term)
        return (sought not in said, sought not in rubric, own_skill != skill, -weight, term)

    ranked = sorted(domain.glossary, key=lambda term: rank(term.term, term.skill, term.weight))
    return SpeechHints(domain.name, tuple(term.term for term in ranked), language)


def likely_terms(domain: Domain, asked: str, question_id: str | None) -> list[str]:
    """The domain's terms that the question or its rubric names."""
    question = domain.find(question_id) if question_id else None
    said = _flat(asked) + (_flat(_rubric(question)) if question else "")
    return [term.term for term in domain.glossary if _flat(term.term) in said]


def _rubric(question: Question) -> str:
    """What a good answer says, in the bank's words."""
    points = [*question.key_points, *question.follow_ups.strong_points]
    wordings = [wording for point in points for wording in (point.point, *point.accept)]
    return " ".join([*wordings, question.model_answer])


def _flat(text: str) -> str:
    """The words of a text with a space on each side, so that "r" is not found in "are"."""
    return f" {' '.join(token.plain for token in tokenise(text))} "
