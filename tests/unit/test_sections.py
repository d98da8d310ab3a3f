"""A domain's text question by question: what is not edited stays as it was, letter for letter."""

from pathlib import Path

import pytest

from core.config import ROOT
from core.domains import parse_domain
from core.quality.sections import section, sections_of, with_section
from tests.conftest import DOMAINS

TINY = (DOMAINS / "tiny.yaml").read_text("utf-8")
BANKS = sorted((ROOT / "prompts" / "domains").glob("*.yaml"))


@pytest.mark.parametrize("path", BANKS, ids=[path.stem for path in BANKS])
def test_every_question_of_every_bank_is_a_section_of_its_own(path: Path) -> None:
    text = path.read_text("utf-8")
    found = sections_of(text)
    assert list(found) == [question.id for question in parse_domain(path.stem, text).questions]
    for id_, lines in found.items():
        own = section(text, lines)
        assert own.startswith("  - ")
        assert own.count(f"id: {id_}\n") == 1
        assert own.count("\n  - ") == 0
        assert with_section(text, lines, own) == text


def test_an_edited_section_takes_its_place_and_nothing_else_changes() -> None:
    lines = sections_of(TINY)["tea-brew-ratio"]
    edited = with_section(TINY, lines, section(TINY, lines).replace("large pot", "small pot").rstrip("\n"))
    assert edited == TINY.replace("large pot?", "small pot?", 1)


def test_an_emptied_section_is_a_question_taken_out() -> None:
    edited = with_section(TINY, sections_of(TINY)["tea-brew-ratio"], " \n")
    assert "tea-brew-ratio" not in sections_of(edited)
    assert len(parse_domain("tiny", edited).questions) == 8


@pytest.mark.parametrize(
    "text", ["", "name: [", "name: Tea", "questions: [{id: a}, {id: b}]", "questions:\n- a\n- b", "- a"]
)
def test_a_text_that_cannot_be_taken_apart_has_no_sections(text: str) -> None:
    assert sections_of(text) == {}
