"""Edited prompts and domains: saved as drafts, put to use, seen by every process, rolled back; on both databases."""

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person, export_person
from core.domains import DomainStore
from core.engines.base import Fault, ServiceError
from core.prompts import PromptStore
from core.quality.versions import CHECK_SECONDS, FaultyTextError, Kind, Version, Versions
from core.sample import remove_sample
from core.storage.database import Database
from core.storage.tables import Audit, Base, Person
from core.storage.text_tables import MAX_NOTE, TextVersion
from tests.hall import DOMAINS, ROOT, START, Clock, Moments, add_person

TINY = (DOMAINS / "tiny.yaml").read_text("utf-8")
RENAMED = TINY.replace("name: Tea Making", "name: Tea Brewing", 1)
GRADER = (ROOT / "prompts" / "grader.md").read_text("utf-8")
STRICTER = GRADER.replace("You are an experienced examiner.", "You are a strict examiner.")


@pytest.fixture
def folder(prompts_dir: Path) -> Path:
    return prompts_dir


@pytest.fixture
def clock() -> Moments:
    return Moments()


@pytest.fixture
def versions(database: Database, folder: Path, clock: Moments) -> Versions:
    return Versions(database, folder, Clock(), clock=clock)


@pytest.fixture
def prompts(versions: Versions, folder: Path) -> PromptStore:
    return PromptStore(folder, partial(versions.current, Kind.PROMPT))


@pytest.fixture
def domains(versions: Versions, folder: Path) -> DomainStore:
    return DomainStore(folder / "domains", partial(versions.current, Kind.DOMAIN))


@pytest.fixture
def ada(database: Database) -> Viewer:
    return Viewer(add_person(database, "ada@example.org", "admin"), "", "", "", Role.ADMIN)


def spoil(database: Database, text: str) -> None:
    """Changes every saved text behind the back of the checks, as a newer or older Viva would find it."""
    with database.write() as session:
        session.execute(update(TextVersion).values(text=text))


def test_a_saved_text_is_a_draft_and_changes_nothing(versions: Versions, prompts: PromptStore, ada: Viewer) -> None:
    number = versions.save(ada, Kind.PROMPT, "grader", STRICTER, "  Stricter. ")
    digest = hashlib.sha256(STRICTER.encode()).hexdigest()
    assert versions.listed(Kind.PROMPT, "grader") == [
        Version(number, digest, "Stricter.", "ada@example.org", START, None)
    ]
    assert versions.text(Kind.PROMPT, "grader", number) == STRICTER
    assert "experienced examiner" in prompts.get("grader").body
    assert versions.in_use(Kind.PROMPT, "grader").number is None


def test_a_prompt_put_to_use_takes_the_files_place_with_its_own_digest(
    versions: Versions, prompts: PromptStore, ada: Viewer
) -> None:
    versions.put_to_use(ada, Kind.PROMPT, "grader", versions.save(ada, Kind.PROMPT, "grader", STRICTER))
    assert "strict examiner" in prompts.get("grader").body
    assert prompts.get("grader").digest == hashlib.sha256(STRICTER.encode()).hexdigest()
    used = versions.in_use(Kind.PROMPT, "grader")
    assert (used.number, used.since, used.by) == (1, START, "ada@example.org")
    assert versions.listed(Kind.PROMPT, "grader")[0].used_at == START


def test_a_domain_put_to_use_takes_the_files_place(versions: Versions, domains: DomainStore, ada: Viewer) -> None:
    assert domains.catalogue().domains["tiny"].name == "Tea Making"
    versions.put_to_use(ada, Kind.DOMAIN, "tiny", versions.save(ada, Kind.DOMAIN, "tiny", RENAMED))
    assert domains.catalogue().domains["tiny"].name == "Tea Brewing"
    assert domains.catalogue().domains["tiny"] is domains.catalogue().domains["tiny"]


def test_rolling_back_goes_to_an_earlier_version_or_to_the_file(
    versions: Versions, domains: DomainStore, ada: Viewer
) -> None:
    first = versions.save(ada, Kind.DOMAIN, "tiny", RENAMED)
    second = versions.save(ada, Kind.DOMAIN, "tiny", RENAMED.replace("Tea Brewing", "Tea Pouring"))
    for number, name in ((first, "Tea Brewing"), (second, "Tea Pouring"), (first, "Tea Brewing"), (None, "Tea Making")):
        versions.put_to_use(ada, Kind.DOMAIN, "tiny", number)
        assert domains.catalogue().domains["tiny"].name == name
        assert versions.in_use(Kind.DOMAIN, "tiny").number == number


def test_who_put_what_to_use_is_written_down(versions: Versions, database: Database, ada: Viewer) -> None:
    versions.put_to_use(ada, Kind.DOMAIN, "tiny", versions.save(ada, Kind.DOMAIN, "tiny", RENAMED))
    versions.put_to_use(ada, Kind.DOMAIN, "tiny", None)
    versions.put_to_use(ada, Kind.DOMAIN, "tiny", None)
    with database.read() as session:
        rows = session.scalars(select(Audit).order_by(Audit.id)).all()
    assert [(row.actor_id, row.action, row.detail["number"]) for row in rows] == [
        (ada.id, "text.put_to_use", 1),
        (ada.id, "text.put_to_use", None),
    ]


def test_another_process_sees_it_within_seconds(
    versions: Versions, database: Database, folder: Path, clock: Moments, ada: Viewer
) -> None:
    elsewhere = Versions(database, folder, Clock(), clock=clock)
    assert elsewhere.current(Kind.DOMAIN) == {}
    versions.put_to_use(ada, Kind.DOMAIN, "tiny", versions.save(ada, Kind.DOMAIN, "tiny", RENAMED))
    assert elsewhere.current(Kind.DOMAIN) == {}
    clock.now += CHECK_SECONDS
    assert elsewhere.current(Kind.DOMAIN)["tiny"].text == RENAMED
    assert elsewhere.current(Kind.PROMPT) == {}


@pytest.mark.parametrize("broken", ["name: [", RENAMED.replace("persona:", "personality:")])
def test_a_domain_that_can_no_longer_be_read_never_takes_the_files_place(
    versions: Versions, domains: DomainStore, database: Database, ada: Viewer, broken: str
) -> None:
    number = versions.save(ada, Kind.DOMAIN, "tiny", RENAMED)
    spoil(database, broken)
    with pytest.raises(FaultyTextError):
        versions.put_to_use(ada, Kind.DOMAIN, "tiny", number)
    spoil(database, RENAMED)
    versions.put_to_use(ada, Kind.DOMAIN, "tiny", number)
    spoil(database, broken)
    catalogue = domains.catalogue()
    assert catalogue.domains["tiny"].name == "Tea Making"
    assert catalogue.faults[0].startswith("tiny.yaml (version 1):")


def test_a_prompt_that_can_no_longer_be_read_never_takes_the_files_place(
    versions: Versions, prompts: PromptStore, database: Database, ada: Viewer
) -> None:
    versions.put_to_use(ada, Kind.PROMPT, "grader", versions.save(ada, Kind.PROMPT, "grader", STRICTER))
    spoil(database, STRICTER.replace("$canary", "canary"))
    assert "experienced examiner" in prompts.get("grader").body
    (fault,) = prompts.faults()
    assert fault.startswith("grader.md (version 1):6: the variable canary is declared but not used")


@pytest.mark.parametrize(
    ("kind", "name", "text", "says"),
    [
        (Kind.PROMPT, "grader", STRICTER.replace("$canary", "$canard"), "canard is not declared"),
        (Kind.PROMPT, "grader", STRICTER.replace("name: grader", "name: summary"), "must be grader"),
        (Kind.PROMPT, "card", GRADER.replace("name: grader", "name: card"), "must be exactly: limit, number, steps"),
        (Kind.DOMAIN, "tiny", TINY.replace("persona:", "personality:"), "“personality” is not a field here"),
        (Kind.DOMAIN, "Tiny-Tea", TINY, "the file's name must be"),
        (Kind.DOMAIN, "tiny", "x" * 10_000_001, "larger than 10 MB"),
    ],
)
def test_what_the_loaders_refuse_is_not_saved(
    versions: Versions, ada: Viewer, kind: Kind, name: str, text: str, says: str
) -> None:
    with pytest.raises(FaultyTextError) as refused:
        versions.save(ada, kind, name, text)
    assert any(says in fault for fault in refused.value.faults)
    assert versions.listed(kind, name) == []


def test_all_faults_of_a_domain_are_told_with_their_lines(versions: Versions, ada: Viewer) -> None:
    text = TINY.replace("persona:", "personality:", 1).replace("    level: 5", "    level: 9")
    with pytest.raises(FaultyTextError) as refused:
        versions.save(ada, Kind.DOMAIN, "tiny", text)
    assert len(refused.value.faults) == 5
    assert all(fault.startswith("tiny.yaml:") for fault in refused.value.faults)


def test_everything_with_a_file_or_a_version_has_a_name(versions: Versions, folder: Path, ada: Viewer) -> None:
    (folder / "domains" / "broken.yaml").write_text("name: [", "utf-8")
    versions.save(ada, Kind.DOMAIN, "coffee", TINY)
    assert versions.names(Kind.DOMAIN) == ["broken", "coffee", "tiny"]
    assert versions.names(Kind.PROMPT) == ["card", "context", "grader", "interviewer", "summary"]


def test_the_same_text_again_is_the_same_version(versions: Versions, ada: Viewer) -> None:
    first = versions.save(ada, Kind.PROMPT, "grader", STRICTER)
    assert versions.save(ada, Kind.PROMPT, "grader", STRICTER.replace("\n", "\r\n")) == first
    assert versions.save(ada, Kind.PROMPT, "grader", GRADER) == first + 1


def test_two_who_save_at_once_get_two_versions(versions: Versions, ada: Viewer) -> None:
    texts = [GRADER.replace("experienced", word) for word in ("kind", "strict", "fair", "calm")]
    threads = [threading.Thread(target=versions.save, args=(ada, Kind.PROMPT, "grader", text)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions.text(Kind.PROMPT, "grader", version.number) for version in versions.listed(Kind.PROMPT, "grader")) == sorted(texts)  # fmt: skip


def test_a_long_text_with_any_letters_comes_back_as_it_was(versions: Versions, ada: Viewer) -> None:
    long = TINY.replace("persona: ", "persona: 🫖 שלום ", 1) + "# a remark of no weight\n" * 20_000
    number = versions.save(ada, Kind.DOMAIN, "tiny", long)
    assert versions.text(Kind.DOMAIN, "tiny", number) == long


def test_a_note_that_is_too_long_is_refused(versions: Versions, ada: Viewer) -> None:
    with pytest.raises(ServiceError, match="500 characters; there are 501"):
        versions.save(ada, Kind.PROMPT, "grader", STRICTER, "x" * (MAX_NOTE + 1))


def test_what_is_not_there_cannot_be_put_to_use(versions: Versions, ada: Viewer) -> None:
    with pytest.raises(ServiceError) as refused:
        versions.put_to_use(ada, Kind.PROMPT, "grader", 7)
    assert refused.value.kind is Fault.NOT_FOUND
    with pytest.raises(ServiceError, match="no file"):
        versions.put_to_use(ada, Kind.DOMAIN, "sailing", None)


def test_only_administrators_save_and_put_to_use(versions: Versions, ada: Viewer) -> None:
    versions.save(ada, Kind.PROMPT, "grader", STRICTER)
    for role in (Role.LEARNER, Role.MANAGER):
        eve = Viewer(99, "", "", "", role)
        with pytest.raises(ServiceError, match="Only administrators"):
            versions.save(eve, Kind.PROMPT, "grader", GRADER)
        with pytest.raises(ServiceError, match="Only administrators"):
            versions.put_to_use(eve, Kind.PROMPT, "grader", 1)


@pytest.fixture
def untouched(empty_url: str) -> Iterator[Database]:
    """A database without tables."""
    made = Database(empty_url)
    yield made
    made.close()


def test_a_database_that_was_never_set_up_has_no_edits(
    untouched: Database, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Versions(untouched, folder, Clock()).current(Kind.PROMPT) == {}
    assert caplog.records == []


def test_while_the_database_cannot_be_had_what_was_known_stays(
    versions: Versions, database: Database, prompts: PromptStore, clock: Moments, ada: Viewer
) -> None:
    versions.put_to_use(ada, Kind.PROMPT, "grader", versions.save(ada, Kind.PROMPT, "grader", STRICTER))
    assert "strict examiner" in prompts.get("grader").body
    Base.metadata.drop_all(database.engine)
    clock.now += CHECK_SECONDS
    assert "strict examiner" in prompts.get("grader").body


def test_an_erased_author_leaves_the_text_without_a_name(versions: Versions, database: Database, ada: Viewer) -> None:
    add_person(database, "bea@example.org", "admin")
    versions.put_to_use(ada, Kind.PROMPT, "grader", versions.save(ada, Kind.PROMPT, "grader", STRICTER, "Mine."))
    (written,) = export_person(database, "ada@example.org")["texts"]
    assert (written["name"], written["note"]) == ("grader", "Mine.")
    erase_person(database, "ada@example.org", START)
    assert [version.author for version in versions.listed(Kind.PROMPT, "grader")] == [""]
    assert versions.in_use(Kind.PROMPT, "grader").by == ""


def test_what_sample_people_edited_goes_with_the_sample(
    versions: Versions, database: Database, prompts: PromptStore, clock: Moments, ada: Viewer
) -> None:
    with database.write() as session:
        session.execute(update(Person).where(Person.id == ada.id).values(is_sample=True))
    versions.put_to_use(ada, Kind.PROMPT, "grader", versions.save(ada, Kind.PROMPT, "grader", STRICTER))
    remove_sample(database)
    clock.now += CHECK_SECONDS
    assert versions.listed(Kind.PROMPT, "grader") == []
    assert "experienced examiner" in prompts.get("grader").body
