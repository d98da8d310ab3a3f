"""A budget that is spent: one sentence, the answer kept, the grade says why, typing and the offline engine go on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.bootstrap import Engines, utc_now
from core.budgets.ledger import Budgets
from core.budgets.limits import Limit, Limits
from core.budgets.metered import MeteredAssessor, MeteredInterviewer, MeteredTranscriber
from core.engines.base import Assessment, Criterion, Feedback
from core.engines.scripted import ScriptedAssessor, ScriptedInterviewer, ScriptedTranscriber
from core.grading.grader import ModelGrader
from core.grading.lexical import LexicalGrader
from core.storage.database import Database
from tests.app.conftest import OpenSite, Site
from tests.app.test_voice import record, tone
from tests.hall import reply

SPENT = "budget of calls to the model for today is spent; it is new at midnight UTC."
Within = Callable[..., Site]
ANSWER = "With hot water that has just boiled."
CRITERIA = tuple(Criterion(name, 3, "", ANSWER) for name in ("correctness", "completeness", "clarity"))
JUDGEMENT = Assessment((), (), CRITERIA, Feedback("", "", ""), "high")


@pytest.fixture
def within(open_site: OpenSite, tmp_path: Path) -> Within:
    """`within(calls)` is a site whose model may be called so often a day by a person."""

    def make(calls: int, seconds: int = 10**9, **settings: object) -> Site:
        limits = Limits(Limit(calls, 10**9, seconds), Limit(10**9, 10**9, 10**9))
        books = Budgets(Database(f"sqlite:///{tmp_path / 'var' / 'viva.db'}"), utc_now, limits)
        lexical = LexicalGrader()
        engines = Engines(
            "openai",
            "script-1",
            {
                "openai": MeteredInterviewer(
                    ScriptedInterviewer([reply("How do you brew?", "none", "opening"), reply("And serve?")]), books
                )
            },
            {"offline": lexical, "openai": ModelGrader(MeteredAssessor(ScriptedAssessor([JUDGEMENT] * 3), books))},
            MeteredTranscriber(ScriptedTranscriber([ANSWER]), books),
            close=books._database.close,
        )
        return open_site(engines, budget_day_calls=calls, **settings)

    return make


def test_an_answer_given_when_the_budget_is_spent_is_kept_and_says_why_it_has_no_score(within: Within) -> None:
    ann = within(1).visit().begin(questions=1).send(ANSWER).graded()
    assert ann.interview.turns[0].answer == ANSWER
    assert f"Not graded, because your {SPENT}" in ann.text
    assert ann.scores == []


def test_a_question_that_the_budget_does_not_allow_says_so_and_the_interview_can_be_ended(within: Within) -> None:
    ann = within(2).visit().begin(questions=3).send(ANSWER)
    ann.until(lambda view: (view.asking is not None and view.asking.failed) or len(view.turns) == 2)
    # Grade and question were begun at the same moment: one of the two had the last call.
    assert SPENT in ann.graded().text
    assert ann.interview.turns[0].answer == ANSWER


def test_new_interviews_are_with_the_offline_engine_until_there_is_a_budget_again(within: Within) -> None:
    ann = within(0).visit().open("Practise")
    assert SPENT in ann.text
    assert "Until then the offline engine interviews you" in ann.text
    ann.press("Start the interview")
    assert ann.interview.engine == "offline"


def test_administrators_see_what_is_used_and_what_it_costs_and_set_a_budget(within: Within) -> None:
    site = within(9, price_chat_in=1000.0, price_currency="EUR")
    site.visit("ann", cohort="Spring").begin()
    boss = site.visit("boss", "admin").open("Programmes")
    table = boss.tab.dataframe[1].value
    assert list(table["Programme"]) == ["My programme", "Outside programmes"]
    assert list(table["Calls"]) == [1, 0]
    assert float(table["Cost (EUR)"][0]) > 0
    boss.tab.selectbox(key="programme").set_value(1)
    boss.again().tab.number_input(key="day_calls-1").set_value(0)
    boss.press("Save the budget")
    assert "The budget of My programme is saved." in boss.text
    boss.open("Programmes").tab.selectbox(key="programme").set_value(1)
    field = boss.again().tab.number_input(key="day_calls-1")
    assert field.value == 0
    assert not field.proto.HasField("default")  # with one, the field could not be emptied again
    bea = site.visit("bea", cohort="Spring").open("Practise")
    assert SPENT in bea.text


def test_a_recording_that_the_budget_does_not_allow_waits_while_typing_goes_on(within: Within) -> None:
    ann = within(2, seconds=0).visit().begin(questions=1).press("I agree, let me speak")
    record(ann, tone())
    ann.again()
    assert "Your budget of speech recognition for today is spent; it is new at midnight UTC." in ann.text
    assert ann.send(ANSWER).graded().interview.turns[0].answer == ANSWER
