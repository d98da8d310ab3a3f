"""What people say about questions and scores: the learner's side on Practise and Review, the staff's on Quality."""

import pytest

from core.interview.model import FlagKind
from tests.app.conftest import Site
from tests.app.visit import Visit


def flag_first(ann: Visit, kind: FlagKind = FlagKind.UNCLEAR, words: str = "") -> Visit:
    """Flag the first question of the interview that is open in this tab, as through its form."""
    key = f"flag-{ann.interview.public_id}-1"
    ann.tab.session_state[f"{key}-popover"] = True
    ann.again().tab.radio(key=f"{key}-kind").set_value(kind)
    ann.tab.text_input(key=f"{key}-words").input(words)
    return ann.press("Send the flag")


def test_the_open_question_is_flagged_on_practise(site: Site) -> None:
    ann = flag_first(site.visit().begin(), words="Which tea?")
    assert "You flagged this question: it is unclear.\nIt waits to be looked at." in ann.text
    flag = ann.interview.turns[0].opinions.question_flag
    assert flag is not None
    assert (flag.kind, flag.words) == (FlagKind.UNCLEAR, "Which tea?")


def test_a_question_is_flagged_on_review_too(site: Site) -> None:
    ann = site.visit().begin(questions=1).send_good().graded()
    assert "You flagged this question: it is wrong." in flag_first(ann, FlagKind.WRONG).text


def test_flagging_leaves_what_stands_in_the_answer_box(site: Site) -> None:
    ann = site.visit().begin().type("I was saying")
    assert flag_first(ann).box == "I was saying"


def test_an_administrator_deals_with_a_flag_and_the_learner_reads_it(site: Site) -> None:
    ann = flag_first(site.visit().begin(), words="*Which* tea?")
    ada = site.visit("ada", "admin").open("Quality", part="Questions")
    assert "It is unclear" in ada.text
    assert "*Which* tea?" in ada.text
    assert ann.interview.turns[0].message in ada.text
    ada.tab.text_area[0].input("Green tea; we have said so now.")
    ada.press("Dealt with")
    assert "No flagged question waits." in ada.text
    assert "Green tea; we have said so now." in ann.again().text


def test_a_flag_without_a_note_stays_in_the_queue(site: Site) -> None:
    flag_first(site.visit().begin())
    ada = site.visit("ada", "admin").open("Quality", part="Questions").press("Dealt with")
    assert ada.problems == ["Say in a note what came of it: the learner reads it."]
    assert "It is unclear" in ada.text


@pytest.mark.parametrize("role", ["learner", "manager"])
def test_others_see_no_flagged_question(site: Site, role: str) -> None:
    flag_first(site.visit().begin(), words="Which tea?")
    assert "Which tea?" not in site.visit("max", role).open("Quality", part="Questions").text


def test_someone_who_is_not_signed_in_sees_nothing_of_quality(site: Site) -> None:
    assert "signed out" in "".join(str(found.value) for found in site.stranger().open("Quality").tab.warning)


@pytest.fixture
def ann(site: Site) -> Visit:
    """Ann of the cohort Blue, who shares her answers, with one answer graded and its report open."""
    ann = site.visit("ann", cohort="Blue")
    site.services.people.share_transcripts(ann.person_id, True)
    return ann.begin(questions=1).send("I don't know.").graded()


@pytest.fixture
def max_(site: Site, ann: Visit) -> Visit:
    """Max, who manages Blue, with Ann's report open."""
    return site.visit("max", "manager", "Blue").open("Review", interview=ann.interview.public_id)


def give(visit: Visit, ann: Visit, score: int | None, comment: str = "") -> Visit:
    """Fill in the grade of Ann's first answer and save it."""
    key = f"second-{ann.interview.public_id}-1"
    if score is not None:
        visit.tab.button_group(key=f"{key}-score").set_value(score)
    visit.tab.text_area(key=f"{key}-comment").input(comment)
    return visit.press("Save the grade")


def test_a_manager_grades_an_answer_and_the_learner_reads_both_grades(ann: Visit, max_: Visit) -> None:
    assert "it counts from now on" in give(max_, ann, 3, "You said *nothing* of the pot.").text
    ann.again()
    assert sorted(set(ann.scores)) == [1, 3]
    for part in ("graded by Max", "You said *nothing* of the pot.", "estimated by the offline engine, ± 2"):
        assert part in ann.text
    assert "3.0 / 10" in "".join(str(found.value) for found in ann.tab.metric)


def test_a_manager_changes_and_withdraws_a_grade(ann: Visit, max_: Visit) -> None:
    give(give(max_, ann, 3), ann, 5)
    assert ann.again().scores.count(5) == 1
    assert "Before: 3 / 10, graded by Max" in ann.text
    max_.press("Withdraw the grade")
    assert set(ann.again().scores) == {1}


def test_a_grade_without_a_score_is_refused_and_its_words_stay(ann: Visit, max_: Visit) -> None:
    give(max_, ann, None, "Well put.")
    assert max_.problems == ["Choose a score from 1 to 10 first."]
    assert max_.tab.text_area[0].value == "Well put."


def test_a_learner_has_no_form_to_grade_with(ann: Visit) -> None:
    assert "Save the grade" not in ann.buttons()


def test_where_answers_are_not_shared_there_is_nothing_to_grade(site: Site, ann: Visit, max_: Visit) -> None:
    site.services.people.share_transcripts(ann.person_id, False)
    max_.again()
    assert "Save the grade" not in max_.buttons()
    assert "I don't know." not in max_.text


def dispute(ann: Visit, reason: str) -> Visit:
    """Ask for another look at the score of the first answer, as through its form."""
    key = f"dispute-{ann.interview.public_id}-1"
    ann.tab.session_state[f"{key}-popover"] = True
    ann.again().tab.text_area(key=f"{key}-words").input(reason)
    return ann.press("Ask for another look")


def test_a_disputed_score_is_answered_by_a_person_s_grade(site: Site, ann: Visit, max_: Visit) -> None:
    site.services.people.share_transcripts(ann.person_id, False)
    assert "It waits to be looked at." in dispute(ann, "I *did* say it.").text
    max_.open("Start").press("1 objection of learners waits for you")
    assert "I *did* say it." in max_.text
    max_.press("Read answer 1")
    for part in ("I *did* say it.", "I don't know."):
        assert part in max_.text
    give(max_, ann, 6)
    assert "A person has graded the answer: see the score above." in ann.again().text
    assert "No learner waits" in max_.open("Quality").text
    ann.open("Start").press("Your disagreement with a score was dealt with")
    assert "graded by Max" in ann.text


def test_a_disputed_score_is_answered_with_a_note(ann: Visit, max_: Visit) -> None:
    dispute(ann, "I did say it.")
    max_.open("Quality").tab.text_area[0].input("You said that you don't know.")
    max_.press("The score stands")
    assert "You said that you don't know." in ann.again().text


def test_the_reason_of_a_dispute_is_shown_letter_for_letter(ann: Visit, max_: Visit) -> None:
    dispute(ann, "I gave the **reduced version**.")
    max_.open("Quality")
    shown = [str(words.value) for visit in (ann, max_) for words in (*visit.tab.caption, *visit.tab.markdown)]
    max_.press("Read answer 1")
    shown += [str(words.value) for words in max_.tab.warning]
    assert sum(r"\*\*reduced version\*\*" in words for words in shown) == 3
    assert not any("**reduced" in words for words in shown)


def test_a_dispute_without_a_reason_is_refused(ann: Visit) -> None:
    assert dispute(ann, "").problems == ["Say why you disagree, so that somebody can look at it."]


def test_a_manager_of_another_cohort_sees_no_dispute(site: Site, ann: Visit) -> None:
    dispute(ann, "I did say it.")
    eve = site.visit("eve", "manager", "Red")
    assert "I did say it." not in eve.open("Quality").text
    assert "wait" not in eve.open("Start").text


def test_a_manager_has_an_answer_graded_again_and_the_grade_before_is_kept(ann: Visit, max_: Visit) -> None:
    max_.press("Have the machine grade it again")
    assert "The answer is being graded again." in max_.text
    ann.until(lambda view: len(view.turns[0].opinions.superseded) == 1)
    assert "Before: 1 / 10, estimated by the offline engine" in max_.again().text


def test_a_manager_has_all_answers_graded_again(site: Site, ann: Visit) -> None:
    ann.begin(questions=2).send("I don't know.").send("I don't know.").graded()
    max_ = site.visit("max", "manager", "Blue").open("Review", interview=ann.interview.public_id)
    said = max_.press("Have all answers graded again").text
    # A machine that is quick has both done before the page is drawn to its end, which then shows what was before.
    assert "2 answers are being graded again." in said or said.count("Before: 1 / 10") == 2
    ann.until(lambda view: all(turn.opinions.superseded for turn in view.turns))


def test_a_learner_has_no_score_graded_again(ann: Visit) -> None:
    assert not [label for label in ann.buttons() if "Grade" in label]


def test_an_administrator_sees_agreement_and_replies(site: Site, ann: Visit, max_: Visit) -> None:
    give(max_, ann, 3)
    compared, kept = site.visit("ada", "admin").open("Quality", part="Agreement").tab.dataframe
    row = compared.value.iloc[0]
    assert (row["Domain"], row["Answers"], row["Weighted kappa"]) == ("Tea Making", 1, "not enough yet")
    assert kept.value["Kept to the card"].tolist() == ["100.0%"]


def test_without_grades_by_people_there_is_nothing_to_compare(site: Site) -> None:
    ada = site.visit("ada", "admin").open("Quality", part="Agreement")
    for part in ("Nobody has graded an answer beside a machine yet", "No interviewer has replied yet"):
        assert part in ada.text


def test_a_manager_sees_no_comparison_of_everyone_s_grades(site: Site, ann: Visit, max_: Visit) -> None:
    give(max_, ann, 3)
    assert not max_.open("Quality", part="Agreement").tab.dataframe


def test_an_administrator_finds_the_training_data(site: Site) -> None:
    ada = site.visit("ada", "admin").open("Quality", part="Training data")
    assert "One line of JSON for each graded answer of learners whose programme shares transcripts" in ada.text
