"""Domains: what a file may hold, what is said when it holds something else, and that changes are noticed."""

import os
from pathlib import Path

import pytest

from core.domain_checks import check, check_coverage
from core.domains import Domain, DomainStore, load_all, load_domain
from core.engines.base import KeyPoint
from core.interview.model import QuestionRef
from core.strict_yaml import FileError
from tests.conftest import DOMAINS

TINY = (DOMAINS / "tiny.yaml").read_text("utf-8")


def write(folder: Path, text: str | bytes, name: str = "tea.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(folder: Path, text: str | bytes, name: str = "tea.yaml") -> tuple[str, ...]:
    with pytest.raises(FileError) as caught:
        load_domain(write(folder, text, name))
    return caught.value.faults


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_valid_file_is_a_domain_named_by_its_file(tmp_path: Path) -> None:
    domain = load_domain(write(tmp_path, TINY, "green_tea.yaml"))
    assert (domain.key, domain.name, len(domain.questions)) == ("green_tea", "Tea Making", 9)


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("persona:", "personality:", "personality:", "“personality” is not a field here"),
        ("    level: 1\n", "    level: one\n", "level: one", "questions.0.level: input should be a valid integer"),
        ("    level: 1\n", "    level: 6\n", "level: 6", "less than or equal to 5"),
        ("tea-brew-ratio", "tea-brew-heat", "  - id: tea-brew-heat\n    skill: brewing\n    level: 3", "twice"),
        ("    skill: storage", "    skill: sailing", "skill: sailing", "“sailing” is not one of the skills"),
        ("name: Tea Making", "name: Tea Making\nname: Coffee", "name: Coffee", "“name” is given twice"),
        ("roles: [Tea Maker, Tea Taster]", "roles: [yes, Tea Taster]", "roles:", "put it in quotes"),
        ("name: Tea Making", "key: tea\nname: Tea Making", "key: tea", "“key” is not a field here"),
        ("  brewing: Brewing", "  Brewing: Brewing", "  Brewing:", "skills.Brewing"),
        ("      direction: Think", "      compass: Think", "hints:", "“direction” is missing"),
        ("name: Tea Making", "name: 2026-01-01", "name: 2026", "“timestamp” is not plain text"),
        ("name: Tea Making", "name: !!python/name:os.system Tea", "name: !!python", "is not plain text"),
        ("roles: [", "roles: &r [*r, ", "roles:", "may not be used"),
        ("name: Tea Making", "name: Tea: Making", "name: Tea:", "this is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    text = TINY.replace(old, new, 1)
    assert text != TINY
    faults = faults_of(tmp_path, text)
    assert any(fault.startswith(f"tea.yaml:{line_of(text, at)}: ") and says in fault for fault in faults), faults


def test_every_fault_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    text = TINY.replace("persona:", "personality:", 1).replace("    level: 5", "    level: 9")
    assert len(faults_of(tmp_path, text)) == 2 + 3


def test_a_term_of_an_unknown_skill_is_refused(tmp_path: Path) -> None:
    text = TINY.replace("cues: [lid, cup]\n    skill: serving", "cues: [lid, cup]\n    skill: sailing")
    assert faults_of(tmp_path, text) == (
        f"tea.yaml:{line_of(text, 'skill: sailing')}: “sailing” is not one of the skills",
    )


def test_a_bomb_of_aliases_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 15)]
    assert "may not be used" in faults_of(tmp_path, "\n".join(lines))[0]


@pytest.mark.parametrize("depth", [30, 900, 100_000])
def test_deeply_nested_values_are_refused(tmp_path: Path, depth: int) -> None:
    assert "nest" in faults_of(tmp_path, "name: " + "[" * depth + "]" * depth)[0]


def test_text_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    faults = faults_of(tmp_path, b"name: Tea\ndescription: caf\xe9\n")
    assert faults == ("tea.yaml:2: the text is not UTF-8; save the file in that encoding",)


def test_a_control_character_is_refused_with_its_line(tmp_path: Path) -> None:
    assert faults_of(tmp_path, b"name: Tea\ndescription: a\x07b\n")[0].startswith("tea.yaml:")


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, text) == ("tea.yaml:1: the file is empty",)


def test_a_file_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert "must consist of" in faults_of(tmp_path, "- a\n- b\n")[0]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "tea.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(FileError, match="larger than 10 MB"):
        load_domain(path)


def test_a_file_name_that_is_no_key_is_refused(tmp_path: Path) -> None:
    assert "the file's name must be" in faults_of(tmp_path, TINY, "Green-Tea.yaml")[0]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "domains"
    folder.mkdir()
    (folder / "tea.yaml").symlink_to(write(tmp_path, TINY))
    assert load_all(folder).faults == ["tea.yaml:1: the file is a link that leads out of its folder"]


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tea.yaml")
    assert load_all(tmp_path).faults == ["tea.yaml:1: this is not a file"]


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    write(tmp_path, TINY, "tea.yaml")
    write(tmp_path, TINY.replace("Tea Making", "Advanced Tea"), "advanced.yaml")
    write(tmp_path, "name: [", "broken.yaml")
    catalogue = load_all(tmp_path)
    assert list(catalogue.domains) == ["advanced", "tea"]
    assert [fault.split(":")[0] for fault in catalogue.faults] == ["broken.yaml"]


def test_a_file_with_the_other_ending_is_not_ignored_silently(tmp_path: Path) -> None:
    write(tmp_path, TINY, "tea.yml")
    assert load_all(tmp_path).faults == ["tea.yml:1: the name must end in .yaml"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert "no folder" in load_all(tmp_path / "nowhere").faults[0]


def test_the_store_notices_new_changed_and_removed_files(tmp_path: Path) -> None:
    store = DomainStore(tmp_path)
    assert store.catalogue().domains == {}
    path = write(tmp_path, TINY)
    assert store.catalogue().domains["tea"].name == "Tea Making"
    write(tmp_path, TINY.replace("Tea Making", "Tea Making and Tasting"))
    assert store.catalogue().domains["tea"].name == "Tea Making and Tasting"
    path.unlink()
    assert store.catalogue().domains == {}


def test_the_store_reads_a_file_once(tmp_path: Path) -> None:
    write(tmp_path, TINY)
    store = DomainStore(tmp_path)
    assert store.catalogue().domains["tea"] is store.catalogue().domains["tea"]


def test_a_domain_in_use_survives_a_bad_edit_and_the_fault_is_told(tmp_path: Path) -> None:
    write(tmp_path, TINY)
    store = DomainStore(tmp_path)
    before = store.catalogue().domains["tea"]
    write(tmp_path, "name: [")
    after = store.catalogue()
    assert after.domains["tea"] is before
    assert after.faults[0].startswith("tea.yaml:")


def test_the_policy_sees_ids_skills_and_levels(tiny_domain: Domain) -> None:
    assert tiny_domain.refs()[0] == QuestionRef("tea-brew-heat", "brewing", 1)
    assert len(tiny_domain.refs()) == 9


def test_a_question_that_left_the_bank_is_not_found(tiny_domain: Domain) -> None:
    assert tiny_domain.find("tea-brew-heat") is tiny_domain.questions[0]
    assert tiny_domain.find("gone") is None


def test_a_grade_task_carries_all_that_the_bank_knows(tiny_domain: Domain) -> None:
    question = tiny_domain.questions[0]
    task = tiny_domain.grade_task(question, asked=f"Welcome! {question.text}", answer="Tannins.", level=1, hints=2)
    assert task.question == f"Welcome! {question.text}"
    assert task.key_points[0] == KeyPoint(
        "hot water extracts tannins from the leaf",
        ("heat pulls out the tannins", "more tannin dissolves at high temperature"),
        3,
        True,
    )
    assert set(task.anchors) == {"weak", "mid", "strong"}
    assert task.reference == question.model_answer
    assert (task.kind, task.domain, task.hints) == ("knowledge", "Tea Making", 2)


def test_a_question_asked_in_other_words_is_graded_with_the_banks_words_too(tiny_domain: Domain) -> None:
    question = tiny_domain.questions[0]
    task = tiny_domain.grade_task(question, asked="Think of the leaf, and try again.", answer="…", level=1)
    assert task.question == f"{question.text}\n\nThink of the leaf, and try again."


def test_a_deeper_follow_up_is_not_graded_by_the_first_questions_answer(tiny_domain: Domain) -> None:
    question = tiny_domain.questions[0]
    task = tiny_domain.grade_task(question, asked=question.follow_ups.strong, answer="…", level=2, deeper=True)
    assert (task.key_points, task.reference, dict(task.anchors)) == ((), "", {})


def test_a_question_of_the_interviewers_own_has_only_its_words(tiny_domain: Domain) -> None:
    task = tiny_domain.grade_task(None, asked="And milk?", answer="No.", level=4)
    assert (task.question, task.level, task.key_points) == ("And milk?", 4, ())


def test_the_small_domain_has_no_fault_of_content(tiny_domain: Domain) -> None:
    assert check(tiny_domain) == []


def changed(domain: Domain, **fields: object) -> Domain:
    first = domain.questions[0].model_copy(update=fields)
    return domain.model_copy(update={"questions": [first, *domain.questions[1:]]})


def test_a_question_without_a_must_is_named(tiny_domain: Domain) -> None:
    points = [point.model_copy(update={"must": False}) for point in tiny_domain.questions[0].key_points]
    assert check(changed(tiny_domain, key_points=points)) == ["tea-brew-heat: no key point is a must"]


@pytest.mark.parametrize(
    "hint", ["Does heat pull out tannins?", "Remember: tannins are extracted from the leaves by hot water."]
)
def test_a_hint_that_states_a_must_have_is_named(tiny_domain: Domain, hint: str) -> None:
    hints = tiny_domain.questions[0].hints.model_copy(update={"approach": hint})
    faults = check(changed(tiny_domain, hints=hints))
    assert faults == [
        "tea-brew-heat: the hint “approach” gives the must-have “hot water extracts tannins from the leaf” away"
    ]


def test_words_that_the_question_says_itself_give_nothing_away(tiny_domain: Domain) -> None:
    hints = tiny_domain.questions[0].hints.model_copy(update={"approach": "What does boiling water do to green tea?"})
    assert check(changed(tiny_domain, hints=hints)) == []


def test_a_hint_that_repeats_a_follow_up_is_named(tiny_domain: Domain) -> None:
    question = tiny_domain.questions[0]
    hints = question.hints.model_copy(update={"outline": question.follow_ups.partial})
    assert check(changed(tiny_domain, hints=hints)) == [
        "tea-brew-heat: the question, its hints and its follow-ups must all differ"
    ]


def test_near_duplicates_are_named(tiny_domain: Domain) -> None:
    text = "How do you decide how many leaves you use for a really large pot?"
    assert check(changed(tiny_domain, text=text)) == ["tea-brew-heat: asks nearly the same as tea-brew-ratio"]


def test_gaps_of_a_bank_that_claims_to_be_full_are_named(tiny_domain: Domain) -> None:
    gaps = check_coverage(tiny_domain)
    assert "tiny: no question on brewing at level 2" in gaps
    assert "tiny: 9 questions, and a full bank has at least 60" in gaps
    assert len(gaps) == 3 * 2 + 1
