"""Misheard forms that learners put right: learnt from their edits, and used for everybody."""

import datetime as dt
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.engines.base import ServiceError
from core.speech.judgement import COMMON
from core.speech.words import Token, commonness, tokenise
from core.storage.alias_tables import FORM_LENGTH, LearnedAlias
from core.storage.database import Database
from core.storage.upserts import insert_into, or_set, table_of

log = logging.getLogger(__name__)

ENOUGH = 2
"""Identical corrections before a form is used."""
LONGEST = 4
"""Words of a form."""
MOST_LETTERS = 20_000
"""Of a text that is compared: some twenty minutes of talk, and comparing takes long from there on."""
CHECK_SECONDS = 5.0
"""How long another process's corrections may go unseen."""


def corrections(shown: str, sent: str, terms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What was put right between the text in the box and the one that was sent: each uncommon form with its term."""
    if shown == sent or max(len(shown), len(sent)) > MOST_LETTERS:
        return
    by_words = {tuple(token.plain for token in tokenise(term)): term for term in terms}
    before, after = tokenise(shown), tokenise(sent)
    same = SequenceMatcher(None, [token.plain for token in before], [token.plain for token in after], autojunk=False)
    for change, start, end, first, last in same.get_opcodes():
        term = by_words.get(tuple(token.plain for token in after[first:last]))
        heard = before[start:end]
        if change == "replace" and term and len(heard) <= LONGEST and _is_uncommon(heard):
            form = " ".join(token.plain for token in heard)
            if len(form) <= FORM_LENGTH and len(term) <= FORM_LENGTH:
                yield form, term


def _is_uncommon(heard: list[Token]) -> bool:
    """Whether the words say nothing by themselves: an unusual word, or several with no small word that holds them together."""
    if any(commonness(token.plain) < COMMON for token in heard):
        return True
    return len(heard) > 1 and not any(token.is_function_word for token in heard)


def learn(session: Session, domain: str, pairs: Iterable[tuple[str, str]], now: dt.datetime) -> None:
    """Counts corrections, in the transaction that stores the answer; the same one counts once for an answer."""
    for heard, term in sorted(set(pairs)):
        key = {"domain": domain, "heard": heard, "term": term}
        counted = insert_into(session, LearnedAlias).values(**key, times=1, last_at=now)
        times = table_of(LearnedAlias).c.times + 1
        session.execute(or_set(counted, LearnedAlias, {"times": times, "last_at": now}))


class Aliases:
    """The learnt forms that are in use; safe among threads."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._lock = threading.Lock()
        self._used: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
        self._look_at = 0.0

    def used(self, domain: str) -> Mapping[str, tuple[str, ...]]:
        """Of each term its learnt forms, as they were a few seconds ago at most."""
        with self._lock:
            if self._clock() >= self._look_at:
                try:
                    self._used = self._look()
                except ServiceError as error:
                    log.warning("learnt forms can't be looked up, the last known stay: %s", error.sentence)
                self._look_at = self._clock() + CHECK_SECONDS
            return self._used.get(domain, {})

    def forget(self) -> None:
        """Look again at the next question, since something has changed here."""
        with self._lock:
            self._look_at = 0.0

    def _look(self) -> dict[str, dict[str, tuple[str, ...]]]:
        alias = LearnedAlias
        query = select(alias.domain, alias.term, alias.heard).where(alias.times >= ENOUGH, alias.revoked.is_(False))
        found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        with self._database.read() as session:
            for domain, term, heard in session.execute(query.order_by(alias.domain, alias.term, alias.heard)):
                found[domain][term].append(heard)
        return {domain: {term: tuple(forms) for term, forms in terms.items()} for domain, terms in found.items()}
