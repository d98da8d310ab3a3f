"""A whole interview on the pages, with the offline engine: every step that a learner takes in it."""

from pathlib import Path

import pytest

from core.domains import load_domain
from core.interview.model import Mode, Phase
from tests.app.conftest import OpenSite, Site
from tests.app.visit import ROOT


def test_an_interview_from_the_first_choice_to_the_report(site: Site) -> None:
    ann = site.visit().open("Start").press("Practise now")
    ann.tab.slider[0].set_value(2)
    ann.press("Start the interview")
    assert "Tea Making · question 1 of 2" in ann.text
    ann.send_good()
    assert "Tea Making · question 2 of 2" in ann.text
    ann.send_good().graded()
    assert ann.title == "Tea Making"
    assert "2 of 2 answers graded" in ann.text
    assert "all questions asked" in ann.text
    for part in ("Overall score", "Strengths", "Gaps", "estimated by the offline engine, ± 2"):
        assert part in ann.text
    assert min(ann.scores) >= 7


def test_an_interview_has_an_address_of_its_own_from_its_start(site: Site) -> None:
    ann = site.visit().open("Practise").press("Start the interview")
    assert ann.interview.phase is Phase.ANSWERING


def test_practice_gives_feedback_after_each_answer(site: Site) -> None:
    ann = site.visit().begin(mode=Mode.PRACTICE).send("I don't know.").graded()
    assert ann.scores == [1]


def test_a_mock_interview_keeps_its_feedback_and_hints_to_itself(site: Site) -> None:
    ann = site.visit().begin(mode=Mode.MOCK).send("I don't know.").graded()
    assert ann.scores == []
    assert not any(label.startswith("Hint") for label in ann.buttons())


def test_no_other_page_tells_what_a_mock_interview_keeps_for_its_end(site: Site) -> None:
    ann = site.visit().begin(mode=Mode.MOCK).send("I don't know.").graded()
    open_one = ann.interview.public_id
    assert "/ 10" not in ann.open("Review").text
    assert "Graded answers" not in [metric.label for metric in ann.open("Progress").tab.metric]
    assert site.services.interviews.overview(ann.person_id).mean is None
    report = ann.open("Review", interview=open_one).text
    assert "A mock interview keeps its scores and its feedback for the end." in report
    assert "/ 10" not in report
    assert "Answer by answer" not in report


def test_the_report_of_a_mock_interview_has_all_the_feedback(site: Site) -> None:
    ann = site.visit().begin(mode=Mode.MOCK, questions=1).send_good().graded()
    assert min(ann.scores) >= 7


def test_hints_come_one_by_one_until_there_is_none_left(site: Site) -> None:
    ann = site.visit().begin(questions=1)
    for left in (3, 2, 1):
        assert f"Hint ({left} left)" in ann.buttons()
        ann.press("Hint")
    assert ann.text.count("**Hint.**") == 3
    assert not any(label.startswith("Hint") for label in ann.buttons())


def test_a_hint_leaves_what_stands_in_the_box(site: Site) -> None:
    ann = site.visit().begin().type("I was saying").press("Hint")
    assert ann.box == "I was saying"


def test_a_skipped_question_makes_room_for_the_next_and_is_not_graded(site: Site) -> None:
    ann = site.visit().begin(questions=2).press("Skip")
    assert "question 2 of 2" in ann.text
    ann.send_good().graded()
    assert "Skipped" in ann.text
    assert "Grading:" not in ann.text
    assert "1 answer, 1 skipped" in ann.text
    assert "1 of 1 answer graded" in ann.text


def test_ending_early_keeps_what_was_answered(site: Site) -> None:
    ann = site.visit().begin(questions=10).send_good().press("End and see the report").graded()
    assert "ended early" in ann.text
    assert "1 of 1 answer graded" in ann.text


def test_an_interview_that_ends_before_any_answer_says_that_there_is_nothing_to_score(site: Site) -> None:
    ann = site.visit().begin().press("End and see the report")
    assert "No question was answered in this interview" in ann.text


@pytest.mark.parametrize("answers", [0, 1])
def test_what_was_half_typed_at_the_end_is_shown_as_not_sent(site: Site, answers: int) -> None:
    ann = site.visit().begin(questions=3)
    for _ in range(answers):
        ann.send_good()
    ann.type("half a **thought**").press("End and see the report").graded()
    assert len(ann.interview.answered) == answers
    shown = ann.text[ann.text.index("Not sent: this stood in the box") :]
    assert "half a **thought**" in shown


def test_what_was_half_typed_is_nobody_elses(site: Site) -> None:
    ann = site.visit(cohort="Blue").begin(questions=3).send_good().type("half a thought")
    ann.press("End and see the report").graded()
    site.services.people.share_transcripts(ann.person_id, True)
    boss = site.visit("boss", "admin").open("Review", interview=ann.interview.public_id)
    assert boss.scores
    assert "half a thought" not in boss.text


def test_the_25th_answer_is_the_last(site: Site) -> None:
    ann = site.visit().begin(questions=25)
    for number in range(1, 25):
        site.services.interviews.skip(ann.person_id, ann.interview.public_id, number)
        ann.until(lambda view: view.phase is Phase.ANSWERING)
    assert "question 25 of 25" in ann.again().text
    ann.send("I don't know.")
    assert ann.interview.phase is Phase.FINISHED
    ann.graded()
    assert "1 answer, 24 skipped" in ann.text


def test_a_time_limit_is_in_sight_while_the_interview_runs(site: Site) -> None:
    assert "15 min left" in site.visit().begin(minutes=15).text


def test_another_tab_finds_the_interview_and_the_draft_where_they_were_left(site: Site) -> None:
    ann = site.visit().begin(questions=5).send_good().type("As I was saying")
    other = site.return_of(ann.person_id).open("Start")
    assert "Tea Making: question 2 of 5 is waiting" in other.text
    other.press("Resume")
    assert "question 2 of 5" in other.text
    assert other.box == "As I was saying"
    assert "What stands in the box is not sent" in other.text
    assert "What stands in the box is not sent" not in other.send("As I was saying.").text


def test_an_answer_sent_in_one_tab_makes_the_other_one_move_on(site: Site) -> None:
    ann = site.visit().begin(questions=5)
    other = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    ann.send("The first answer.")
    other.send("The second answer.")
    assert [turn.answer for turn in ann.interview.answered] == ["The first answer."]
    assert "question 2 of 5" in other.text


def test_a_finished_interview_is_never_reopened_by_its_address(site: Site) -> None:
    ann = site.visit().begin(questions=1).send_good()
    again = site.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id)
    assert "Send answer" not in again.buttons()
    assert "Overall score" in again.text


def test_the_offline_engine_says_that_it_is_the_offline_engine(site: Site) -> None:
    assert "the **offline engine** interviews from its question bank" in site.visit().open("Practise").text


def test_the_place_of_the_recorder_says_that_there_is_no_speech_service(site: Site) -> None:
    ann = site.visit().begin()
    assert "this installation has no speech service" in ann.text
    assert ann.tab.text_area[0].placeholder.startswith("Type your answer")
    assert not ann.tab.audio_input


def test_only_who_can_set_a_key_is_told_to(site: Site) -> None:
    for role, told in (("learner", 0), ("manager", 0), ("admin", 2)):
        setup = site.visit(role, role).open("Practise").text
        assert (setup + site.visit(f"{role}2", role).begin().text).count("et `OPENAI_API_KEY`") == told


def test_who_tries_the_demo_is_told_how_to_set_a_key(open_site: OpenSite) -> None:
    assert "Set `OPENAI_API_KEY`" in open_site(demo=True).visit().begin().text


@pytest.mark.parametrize("path", sorted((ROOT / "prompts" / "domains").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_domain_can_be_chosen_and_interviews(open_site: OpenSite, path: Path) -> None:
    ann = open_site(prompts_dir=ROOT / "prompts").visit().open("Practise", domain=path.stem)
    ann.tab.slider[0].set_value(2)
    ann.press("Start the interview").send_good().send_good().graded()
    assert ann.title == load_domain(path).name
    assert "2 of 2 answers graded" in ann.text
