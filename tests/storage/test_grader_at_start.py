"""A server with a model starts with a grader that can grade, wherever its prompt comes from; on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.accounts.sessions import viewer_from
from core.bootstrap import Services, build
from core.config import Settings
from core.engines.base import Fault, ServiceError
from core.quality.versions import Kind
from tests.hall import ROOT

GRADER = (ROOT / "prompts" / "grader.md").read_text("utf-8")


@pytest.fixture
def connect(ready_url: str, prompts_dir: Path) -> Iterator[Callable[[], Services]]:
    """Services with a model server that nobody calls, not started."""
    made: list[Services] = []

    def make() -> Services:
        settings = Settings(  # type: ignore[call-arg]
            database_url=SecretStr(ready_url),
            engine="openai",
            openai_base_url="http://127.0.0.1:9",
            prompts_dir=prompts_dir,
        )
        made.append(build(settings))
        return made[-1]

    yield make
    for services in made:
        services.stop()


@pytest.fixture
def spoilt(prompts_dir: Path) -> Callable[[], None]:
    def spoil() -> None:
        (prompts_dir / "grader.md").write_text(GRADER.replace("$canary", "$canard"), "utf-8")

    return spoil


def test_a_broken_file_without_an_edit_in_use_ends_the_start_in_one_sentence(
    connect: Callable[[], Services], spoilt: Callable[[], None]
) -> None:
    spoilt()
    with pytest.raises(ServiceError, match=r"Answers can't be graded: grader\.md") as caught:
        connect().start()
    assert caught.value.kind is Fault.NOT_CONFIGURED
    assert caught.value.sentence.endswith(".")
    assert "\n" not in caught.value.sentence


def test_a_broken_file_is_no_hindrance_while_a_good_edit_is_in_use(
    connect: Callable[[], Services], spoilt: Callable[[], None]
) -> None:
    first = connect()
    first.start()
    ada = viewer_from(first.people.add("ada@example.org", "Ada", "admin"))
    edit = GRADER.replace("You are an experienced examiner.", "You are a strict examiner.")
    saved = first.versions.save(ada, Kind.PROMPT, "grader", edit, "Stricter")
    first.versions.put_to_use(ada, Kind.PROMPT, "grader", saved)
    spoilt()
    again = connect()
    again.start()
    assert again.engines.grader().prompt_digest == first.engines.grader().prompt_digest
