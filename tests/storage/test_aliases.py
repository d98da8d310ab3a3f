"""Forms that learners taught: from the second equal correction on for everybody, until an administrator revokes them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from core.accounts.permissions import Role, Viewer
from core.domains import DomainStore
from core.engines.base import ServiceError
from core.interview.service import Plan, Words
from core.quality.aliases import Alias, aliases_of, set_revoked
from core.speech.aliases import CHECK_SECONDS, Aliases
from core.speech.transcription import Speech
from core.storage.alias_tables import LearnedAlias
from core.storage.database import Database
from core.storage.tables import Audit, Interview
from tests.hall import DOMAINS, START, Hall, Moments, add_person, open_hall

OPENING = '{"band": "none", "move": "opening", "skill": "brewing"}\nHow do you brew?'
HEARD = "I pour it into the gazpan slowly."
SENT = "I pour it into the gaiwan slowly."


@pytest.fixture
def hall(database: Database) -> Iterator[Hall]:
    made = open_hall(database, [OPENING] * 3, [7] * 3)
    yield made
    made.workers.stop()


def speak(hall: Hall, heard: str | None, sent: str, *, sample: bool = False) -> None:
    """One answer, in an interview of its own."""
    public_id = hall.interviews.start(hall.learner, Plan("tiny", questions=1))
    hall.until(public_id, lambda view: view.current is not None)
    if sample:
        with hall.database.write() as session:
            session.execute(update(Interview).values(is_sample=True))
    words = Words(sent, "voice" if heard else "text", heard, heard)
    hall.interviews.submit_answer(hall.learner, public_id, 1, words)


def times(database: Database) -> dict[tuple[str, str], int]:
    with database.read() as session:
        rows = session.execute(select(LearnedAlias.heard, LearnedAlias.term, LearnedAlias.times))
        return {(heard, term): number for heard, term, number in rows}


def understood(aliases: Aliases) -> str:
    return Speech(None, DomainStore(DOMAINS), aliases.used).understood(HEARD, "tiny").text


@pytest.fixture
def ada(database: Database) -> Viewer:
    return Viewer(add_person(database, "ada@example.org", "admin"), "", "", "", Role.ADMIN)


def test_the_second_equal_correction_puts_the_form_to_use_and_revoking_takes_it_out(hall: Hall, ada: Viewer) -> None:
    clock, database = Moments(), hall.database
    here, elsewhere = Aliases(database), Aliases(database, clock)
    speak(hall, HEARD, SENT)
    assert times(hall.database) == {("gazpan", "gaiwan"): 1}
    assert elsewhere.used("tiny") == {}
    assert understood(elsewhere) == HEARD
    speak(hall, HEARD, SENT)
    clock.now += CHECK_SECONDS
    assert elsewhere.used("tiny") == {"gaiwan": ("gazpan",)}
    assert elsewhere.used("other") == {}
    assert understood(elsewhere) == SENT
    (alias,) = aliases_of(database, ada, "tiny")
    assert (alias.heard, alias.term, alias.times, alias.is_used) == ("gazpan", "gaiwan", 2, True)
    set_revoked(database, ada, here, alias, True, lambda: START)
    assert here.used("tiny") == {}
    speak(hall, HEARD, SENT)
    assert Aliases(database).used("tiny") == {}  # counted, and yet not put to use again
    set_revoked(database, ada, here, alias, False, lambda: START)
    assert here.used("tiny") == {"gaiwan": ("gazpan",)}
    with database.read() as session:
        actions = session.scalars(select(Audit.action).where(Audit.action.like("alias.%"))).all()
    assert sorted(actions) == ["alias.restored", "alias.revoked"]


@pytest.mark.parametrize(
    ("heard", "sent", "sample"), [(None, SENT, False), (HEARD, HEARD, False), (HEARD, "I use a teapot.", False), (HEARD, SENT, True)]
)  # fmt: skip
def test_what_teaches_nothing_is_not_kept(hall: Hall, heard: str | None, sent: str, sample: bool) -> None:
    speak(hall, heard, sent, sample=sample)
    assert times(hall.database) == {}


def test_the_same_correction_twice_in_one_answer_counts_once(hall: Hall) -> None:
    speak(hall, f"{HEARD} {HEARD}", f"{SENT} {SENT}")
    assert times(hall.database) == {("gazpan", "gaiwan"): 1}


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER])
def test_only_administrators_see_and_change_learnt_forms(database: Database, ada: Viewer, role: Role) -> None:
    eve = Viewer(ada.id, "", "", "", role)
    with pytest.raises(ServiceError):
        aliases_of(database, eve, "tiny")
    alias = Alias("tiny", "gazpan", "gaiwan", 2, False)
    with pytest.raises(ServiceError):
        set_revoked(database, eve, Aliases(database), alias, True, lambda: START)
