"""Prompts are read strictly, and rendered without a second look at what was put in."""

import hashlib
from pathlib import Path

import pytest

from core.config import ROOT
from core.engines.header import HeaderParser
from core.prompts import REQUIRED, PromptError, PromptStore, load_prompt

GOOD = """---
name: greet
purpose: Says hello.
variables:
  who: Who is greeted
  when: The time of day
---

Good $when, ${who}! That will be $$5.
"""


def store(folder: Path, text: str | bytes = GOOD, name: str = "greet") -> PromptStore:
    (folder / f"{name}.md").write_bytes(text.encode() if isinstance(text, str) else text)
    return PromptStore(folder)


def fault(folder: Path, text: str | bytes) -> str:
    with pytest.raises(PromptError) as caught:
        store(folder, text).get("greet")
    return str(caught.value)


def test_values_take_the_place_of_variables(tmp_path: Path) -> None:
    rendered = store(tmp_path).get("greet").render(who="Ada", when="evening")
    assert rendered.text == "Good evening, Ada! That will be $5."


def test_the_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    prompt = store(tmp_path).get("greet")
    assert prompt.digest == hashlib.sha256((tmp_path / "greet.md").read_bytes()).hexdigest()
    assert prompt.render(who="a", when="b").digest == prompt.digest


def test_a_value_is_data_and_is_not_expanded_again(tmp_path: Path) -> None:
    assert "$when ${who} $$ $" in store(tmp_path).get("greet").render(who="$when ${who} $$ $", when="x").text


def test_a_missing_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="needs a value for when, who"):
        store(tmp_path).get("greet").render()


def test_a_value_too_many_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="no place for what"):
        store(tmp_path).get("greet").render(who="a", when="b", what="c")


def test_an_edit_takes_effect_at_once(tmp_path: Path) -> None:
    prompts = store(tmp_path)
    before = prompts.get("greet").digest
    store(tmp_path, GOOD.replace("Good", "Fine"))
    assert prompts.get("greet").body.startswith("Fine")
    assert prompts.get("greet").digest != before


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("$when,", "$then,", 9, "then is not declared"),
        ("${who}", "you", 5, "who is declared but not used"),
        ("$$5", "$5", 9, "written $$"),
        ("name: greet", "name: other", 2, "must be greet"),
        ("name: greet", "title: greet", 1, "lacks “name”"),
        ("purpose: Says hello.", "purpose: ''", 3, "purpose must be a sentence"),
        ("purpose: Says hello.", "purpose: x\nmodel: y", 4, "“model” is not a field"),
        ("  who: Who is greeted", "  who:", 5, "who needs"),
        ("  who: Who is greeted", "  Who: Who is greeted", 5, "Who needs"),
        ("  who: Who is greeted", "  who: a\n  who: b", 6, "given twice"),
        ("variables:\n", "variables: none\nothers:\n", 5, "“others” is not a field"),
        ("  who: Who", "  who: a: Who", 5, "not YAML"),
        ("---\nname", "name", 1, "must begin"),
        ("---\n\nGood", "Good", 1, "not closed"),
        ("Good $when, ${who}! That will be $$5.", "", 7, "no text"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    told = fault(tmp_path, GOOD.replace(old, new, 1))
    assert told.startswith(f"greet.md:{line}: ")
    assert words in told
    assert "\n" not in told


def test_variables_must_be_names_with_meanings(tmp_path: Path) -> None:
    head, _, rest = GOOD.partition("variables:")
    told = fault(tmp_path, f"{head}variables: [who, when]\n---{rest.partition('---')[2]}")
    assert told.startswith("greet.md:4: ")


def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    assert fault(tmp_path, GOOD.encode() + b"\xff").startswith("greet.md:10: ")


def test_a_file_that_is_not_there_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"missing\.md:1: "):
        load_prompt(tmp_path / "missing.md")


def test_a_prompt_that_the_code_fills_in_must_have_its_variables(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="exactly: canary, schema"):
        store(tmp_path, GOOD.replace("name: greet", "name: grader"), "grader").get("grader")


def test_the_check_tells_of_every_file_and_of_those_that_lack(tmp_path: Path) -> None:
    store(tmp_path, "nothing")
    told = PromptStore(tmp_path).faults()
    assert {fault.partition(".md:")[0] for fault in told} == {"greet"} | REQUIRED.keys()


def test_the_prompts_that_come_with_viva_can_be_used() -> None:
    assert PromptStore(ROOT / "prompts").faults() == []


def test_the_grader_prompt_ends_with_its_canary_so_that_what_comes_before_can_be_cached() -> None:
    text = PromptStore(ROOT / "prompts").get("grader").render(schema="{}", canary="c4n4ry").text
    assert "c4n4ry" in text[-80:]
    assert text.count("c4n4ry") == 1


def test_the_interviewer_prompt_shows_a_header_that_our_parser_reads() -> None:
    values = dict.fromkeys(REQUIRED["interviewer"], "x")
    text = PromptStore(ROOT / "prompts").get("interviewer").render(**values).text
    parser = HeaderParser()
    parser.feed(text[text.rindex('{"band"') :])
    parser.close()
    assert parser.header is not None
    assert parser.header.band == "partial"
