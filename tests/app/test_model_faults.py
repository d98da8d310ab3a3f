"""A model server that fails: a sentence where the learner is looking, one click to try again, and nothing lost."""

import threading
from itertools import count

import pytest

from core.engines.base import Fault, Grade, GradeTask, ServiceError
from core.engines.scripted import ScriptedInterviewer
from core.interview.model import Mode, Phase
from tests.app.conftest import OpenSite, Site, scripted
from tests.app.visit import Visit
from tests.engines.wire import fault, running, spoken
from tests.hall import ScriptedGrader, reply

AWAY = ServiceError(Fault.UNREACHABLE, "The model server can't be reached. Try again in a minute.")
CUT = ServiceError(Fault.INTERRUPTED, "The model's reply broke off before its end. Please try again.")
FIRST = reply("How do you brew?", "none", "opening")
SECOND = reply("And how do you serve?")


def questions(ann: Visit) -> list[str]:
    return [turn.message for turn in ann.interview.turns]


def test_a_first_question_that_fails_is_asked_again_with_one_click(open_site: OpenSite) -> None:
    ann = open_site(scripted(ScriptedInterviewer([AWAY, FIRST]))).visit().begin()
    assert ann.problems == [AWAY.sentence]
    assert ann.press("Try again").problems == []
    assert questions(ann) == ["How do you brew?"]


def test_an_ask_that_dies_half_way_is_never_stored_as_a_question(open_site: OpenSite) -> None:
    ann = open_site(scripted(ScriptedInterviewer([FIRST, [SECOND[:-4], CUT], SECOND]))).visit().begin()
    ann.send("With hot water.")
    assert ann.problems == [CUT.sentence]
    assert questions(ann) == ["How do you brew?"]
    assert "With hot water." in ann.text
    ann.press("Try again")
    assert questions(ann) == ["How do you brew?", "And how do you serve?"]
    assert ann.interview.turns[0].answer == "With hot water."


def test_a_second_failure_can_be_tried_again_too(open_site: OpenSite) -> None:
    ann = open_site(scripted(ScriptedInterviewer([AWAY, CUT, FIRST]))).visit().begin()
    assert ann.press("Try again").problems == [CUT.sentence]
    assert ann.press("Try again").problems == []
    assert questions(ann) == ["How do you brew?"]


def test_an_interview_whose_next_question_fails_can_still_be_ended(open_site: OpenSite) -> None:
    site = open_site(scripted(ScriptedInterviewer([FIRST, AWAY]), ScriptedGrader([6])))
    ann = site.visit().begin().send("With hot water.").press("End and see the report").graded()
    assert ann.interview.phase is Phase.FINISHED
    assert "1 of 1 answer graded" in ann.text


def test_a_failed_grade_says_why_and_is_never_a_number(open_site: OpenSite) -> None:
    site = open_site(scripted(ScriptedInterviewer([FIRST]), ScriptedGrader(["the model declined to answer this"])))
    ann = site.visit().begin(questions=1).send("With hot water.").graded()
    assert "Not graded, because the model declined to answer this" in ann.text
    assert ann.scores == []
    assert "0 of 1 answer graded" in ann.text


def test_a_failed_grade_in_the_report_is_graded_again_with_one_click(open_site: OpenSite) -> None:
    site = open_site(scripted(ScriptedInterviewer([FIRST]), ScriptedGrader(["the model server is too busy", 7])))
    ann = site.visit().begin(questions=1).send("With hot water.").graded()
    ann.press("Grade again").graded()
    assert set(ann.scores) == {7}
    assert "Not graded" not in ann.text
    assert "Grade again" not in ann.buttons()


def test_a_failed_grade_beside_the_next_question_is_graded_again_with_one_click(open_site: OpenSite) -> None:
    site = open_site(
        scripted(ScriptedInterviewer([FIRST, SECOND]), ScriptedGrader(["the model server is too busy", 7]))
    )
    ann = site.visit().begin(mode=Mode.PRACTICE).send("With hot water.").graded()
    assert "Not graded, because the model server is too busy" in ann.text
    assert ann.press("Grade again").graded().scores == [7]


class BrokenGrader:
    """Fails once, by a fault of our own, when it is told to."""

    name = "broken"

    def __init__(self) -> None:
        self.now = threading.Event()
        self._calls = count(1)
        self._then = ScriptedGrader([7])

    def grade(self, task: GradeTask) -> Grade:
        if next(self._calls) > 1:
            return self._then.grade(task)
        self.now.wait()
        raise RuntimeError("a fault of our own")


@pytest.mark.parametrize("number", [1, 2], ids=["report", "practise"])
def test_a_grade_that_never_came_can_be_asked_for_again(open_site: OpenSite, number: int) -> None:
    grader = BrokenGrader()
    site = open_site(scripted(ScriptedInterviewer([FIRST, SECOND]), grader))
    ann = site.visit().begin(questions=number).send("With hot water.")
    grader.now.set()
    ann.graded()
    assert "Not graded, because something went wrong on our side" in ann.text
    assert set(ann.press("Grade again").graded().scores) == {7}


def test_while_a_grade_is_asked_for_again_the_page_says_so(open_site: OpenSite) -> None:
    site = open_site(scripted(ScriptedInterviewer([FIRST]), ScriptedGrader(["the model server is too busy"])))
    ann = site.visit().begin(questions=1).send("With hot water.").graded()
    site.services.workers.stop()  # nobody takes the job, as when all workers are at work
    ann.press("Grade again")
    assert "Grading" in ann.text
    assert "Not graded, because" not in ann.text
    assert "Grade again" not in ann.buttons()


def test_an_unreachable_model_server_is_told_and_its_return_goes_on(open_site: OpenSite) -> None:
    with running() as wire:
        wire.plays = [fault(503), fault(503), spoken(FIRST)]
        site = open_site(engine="openai", openai_base_url=wire.url)
        ann = site.visit().begin(questions=1)
        assert ann.problems == ["The model server has a fault of its own. Try again in a minute."]
        assert ann.press("Try again").problems == []
        assert questions(ann) == ["How do you brew?"]


def test_a_model_server_that_is_not_there_is_told(open_site: OpenSite) -> None:
    with running() as wire:
        gone = wire.url
    ann = open_site(engine="openai", openai_base_url=gone).visit().begin(questions=1)
    assert ann.problems == ["The model server can't be reached. Try again in a minute."]


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (401, "invalid_api_key", "The model server did not accept Viva's key. Whoever runs Viva can mend that."),
        (429, "insufficient_quota", "The credit for the model server is used up. Whoever runs Viva can mend that."),
    ],
    ids=["wrong key", "exhausted key"],
)
def test_a_key_that_is_not_accepted_is_told(open_site: OpenSite, status: int, code: str, sentence: str) -> None:
    with running() as wire:
        wire.plays = [fault(status, code=code)]
        ann = open_site(engine="openai", openai_base_url=wire.url, openai_api_key="sk-wrong").visit().begin()
    assert ann.problems == [sentence]
    assert "sk-wrong" not in ann.text


def test_an_interview_with_a_model_server_that_is_no_longer_set_can_be_ended(open_site: OpenSite) -> None:
    site = open_site(scripted(ScriptedInterviewer([FIRST, AWAY]), ScriptedGrader([6])))
    ann = site.visit().begin().send("With hot water.").graded()
    site.services.stop()
    later: Site = open_site()  # the same database, offline now
    back = later.return_of(ann.person_id).open("Practise", interview=ann.interview.public_id).press("Try again")
    assert "no longer set up" in back.problems[0]
    back.press("End and see the report")
    assert back.interview.phase is Phase.FINISHED
