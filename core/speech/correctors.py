"""The corrector of each domain, made from its glossary and from what the banks tell of how people of a field talk."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.domains import Catalogue, Domain, DomainStore
from core.speech.field import Field, texts_of, weights
from core.speech.terms import Corrector

Learnt = Mapping[str, tuple[str, ...]]
NOTHING: Learnt = {}


def answer_weights(domains: Iterable[Domain]) -> Mapping[str, float]:
    """How much each word speaks for an answer to an interview question of any of these domains."""
    return weights(text for domain in domains for text in texts_of(domain))


@dataclass(frozen=True, slots=True)
class Taught:
    """A term of a glossary with the forms of it that learners put right."""

    term: str
    spoken: Sequence[str]
    cues: Sequence[str]


def corrector_for(domain: Domain, answers: Mapping[str, float], learnt: Learnt = NOTHING) -> Corrector:
    """`learnt` has more spoken forms for some of the terms."""
    terms = [Taught(term.term, (*term.spoken, *learnt.get(term.term, ())), term.cues) for term in domain.glossary]
    return Corrector(terms, Field(texts_of(domain), answers))


class Correctors:
    """Correctors by domain, each made when first asked for, and again after its domain was edited or learners taught it a form;
    safe among threads.
    """

    def __init__(self, domains: DomainStore, learnt: Callable[[str], Learnt] = lambda domain: NOTHING) -> None:
        self._domains, self._learnt = domains, learnt
        self._answers: Mapping[str, float] | None = None
        self._made: dict[str, tuple[Domain, Learnt, Corrector]] = {}
        self._lock = threading.Lock()

    def of(self, key: str) -> Corrector | None:
        """None for a domain that isn't there."""
        catalogue = self._domains.catalogue()
        domain = catalogue.domains.get(key)
        if domain is None:
            return None
        learnt = self._learnt(key)
        with self._lock:
            known = self._made.get(key)
            if known is None or known[0] is not domain or known[1] != learnt:  # an edited domain is another object
                known = self._made[key] = (domain, learnt, corrector_for(domain, self._told(catalogue), learnt))
            return known[2]

    def _told(self, catalogue: Catalogue) -> Mapping[str, float]:
        """Learnt once from all banks: an edit of one changes little."""
        if self._answers is None:
            self._answers = answer_weights(catalogue.domains.values())
        return self._answers
