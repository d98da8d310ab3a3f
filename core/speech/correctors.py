"""The corrector of each domain, made from its glossary and from what the banks tell of how people of a field talk."""

import threading
from collections.abc import Iterable, Mapping

from core.domains import Catalogue, Domain, DomainStore
from core.speech.field import Field, texts_of, weights
from core.speech.terms import Corrector


def answer_weights(domains: Iterable[Domain]) -> Mapping[str, float]:
    """How much each word speaks for an answer to an interview question of any of these domains."""
    return weights(text for domain in domains for text in texts_of(domain))


def corrector_for(domain: Domain, answers: Mapping[str, float]) -> Corrector:
    return Corrector(domain.glossary, Field(texts_of(domain), answers))


class Correctors:
    """Correctors by domain, each made when first asked for and again after its domain was edited; safe among threads."""

    def __init__(self, domains: DomainStore) -> None:
        self._domains = domains
        self._answers: Mapping[str, float] | None = None
        self._made: dict[str, tuple[Domain, Corrector]] = {}
        self._lock = threading.Lock()

    def of(self, key: str) -> Corrector | None:
        """None for a domain that isn't there."""
        catalogue = self._domains.catalogue()
        domain = catalogue.domains.get(key)
        if domain is None:
            return None
        with self._lock:
            known = self._made.get(key)
            if known is None or known[0] is not domain:  # an edited domain is another object
                known = self._made[key] = (domain, corrector_for(domain, self._told(catalogue)))
            return known[1]

    def _told(self, catalogue: Catalogue) -> Mapping[str, float]:
        """Learnt once from all banks: an edit of one changes little."""
        if self._answers is None:
            self._answers = answer_weights(catalogue.domains.values())
        return self._answers
