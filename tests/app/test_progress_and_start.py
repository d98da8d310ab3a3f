"""A learner's own standing: the next step on Home, and scores over time on Progress."""

import datetime as dt
from collections.abc import Callable

import pytest

from core.engines.scripted import ScriptedInterviewer
from tests.app.conftest import OpenSite, Site, scripted
from tests.app.visit import Visit
from tests.hall import DOMAINS, Clock, ScriptedGrader, reply

Hold = Callable[..., None]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(open_site: OpenSite, clock: Clock) -> Site:
    return open_site(now=clock)


def hold(site: Site, clock: Clock, person_id: int, good: bool, answers: int = 1, domain: str = "tiny") -> None:
    """One finished interview, a day after the last one."""
    clock.now += dt.timedelta(days=1)
    tab = site.return_of(person_id).begin(domain, questions=answers)
    for _ in range(answers):
        tab = tab.send_good() if good else tab.send("I don't know.")
    tab.graded()


def add_coffee(site: Site) -> None:
    """A second domain."""
    coffee = site.prompts / "domains" / "coffee.yaml"
    coffee.write_text((DOMAINS / "tiny.yaml").read_text("utf-8").replace("Tea Making", "Coffee Making"), "utf-8")


def test_home_greets_a_newcomer_with_three_steps(site: Site) -> None:
    ann = site.visit().open("Start")
    assert ann.title == "Hello, Ann"
    assert "Your first interview takes ten minutes" in ann.text
    assert metrics(ann) == {
        "Interviews finished": "0",
        "Answers given": "0",
        "Mean score": "–",
        "Streak": "0 weeks",
    }


def metrics(ann: Visit) -> dict[str, str]:
    return {metric.label: str(metric.value) for metric in ann.tab.metric}


def test_home_counts_what_was_done(site: Site, clock: Clock) -> None:
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    back = site.return_of(ann.person_id).open("Start")
    assert metrics(back) == {
        "Interviews finished": "1",
        "Answers given": "1",
        "Mean score": "1.0",
        "Streak": "1 week",
    }


def test_home_begins_the_most_urgent_practice_in_one_click(site: Site, clock: Clock) -> None:
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False, answers=12)
    back = site.return_of(ann.person_id).open("Start")
    assert "Next step: practise" in back.text
    assert "In Tea Making your last" in back.text
    assert "it needs practice most of all your skills" in back.text
    begun = back.press("Practise it now")
    assert begun.title == ""
    assert begun.interview.domain == "tiny"
    assert begun.interview.level == 1


def test_before_anything_can_be_said_of_a_skill_home_leads_to_the_choice(site: Site, clock: Clock) -> None:
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    back = site.return_of(ann.person_id).open("Start")
    assert "After three graded answers on a skill" in back.text
    assert back.press("Practise now").title == "Practise"


def test_a_goal_is_set_measured_and_given_up(site: Site, clock: Clock) -> None:
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False, answers=4)
    back = site.return_of(ann.person_id).open("Start")
    back.tab.session_state["goal_form"] = True
    back.again().tab.selectbox[1].select(4)
    back.press("Save the goal")
    assert back.tab.session_state["goal_form"] is False
    assert "Goal: ready for Tea Making, level 4" in back.text
    assert "levels to go: by your last interview, level-4 questions would earn you about" in back.text
    assert "56 days left" in back.text
    back.press("Give it up")
    assert "What do you want to be ready for?" in back.text


def test_a_goal_is_proposed_in_the_domain_that_is_practised_most(site: Site, clock: Clock) -> None:
    add_coffee(site)
    ann = site.visit()
    hold(site, clock, ann.person_id, good=True, domain="coffee")
    hold(site, clock, ann.person_id, good=True, answers=2)
    assert list(site.services.domains.catalogue().domains) == ["coffee", "tiny"]
    assert site.return_of(ann.person_id).open("Start").tab.selectbox[0].value == "tiny"


def test_home_repeats_what_the_last_report_recommends_first(site: Site, clock: Clock) -> None:
    ann = site.visit()
    assert "From your last report" not in ann.open("Start").text
    hold(site, clock, ann.person_id, good=False)
    back = site.return_of(ann.person_id).open("Start")
    assert "**From your last report**, Tea Making: Practise" in back.text
    assert back.press("Read the report").title == "Tea Making"


def test_how_sure_the_learner_was_is_held_against_the_scores(site: Site, clock: Clock) -> None:
    ann = site.visit()
    for number, (answer, felt) in enumerate((("I don't know.", "Sure"), ("The leaves are burnt.", "Unsure")), 1):
        clock.now += dt.timedelta(days=1)
        tab = site.return_of(ann.person_id).begin("tiny", questions=1)
        tab.tab.segmented_control[0].set_value(felt)
        tab.send(answer).graded()
        back = site.return_of(ann.person_id).open("Progress", view="Confidence")
        assert (
            f"You were sure of 1 answer: 0 right, 1 wrong.{' You were unsure of 1 answer:' * (number > 1)}" in back.text
        )
    assert "That is too few to rely on." in back.text
    assert "Sure, and 1 of 10: question 1" in back.text


def test_progress_without_a_score_says_what_will_be_there(site: Site) -> None:
    ann = site.visit().open("Progress")
    assert "After your first graded interview you will see your scores here" in ann.text
    assert ann.press("Hold the first interview").title == "Practise"


def test_progress_has_a_view_for_each_question_one_may_ask(site: Site, clock: Clock) -> None:
    ann = site.visit()
    for good in (False, True):
        hold(site, clock, ann.person_id, good)
    back = site.return_of(ann.person_id).open("Progress")
    assert headings(back) == ["Direction", "Ability", "Scores", "Level served", "Hints needed"]
    assert metrics(back)["Interviews finished"] == "2"
    assert "2 of the 4 interviews that a first word needs" in back.text
    assert "You have used no hint in these interviews." in back.text
    assert "estimated by the offline engine, ± 2" in back.text
    for view, heading in (("Skills", "Skills in Tea Making"), ("Confidence", "Sure or unsure")):
        back.tab.segmented_control(key="view").set_value(view)
        assert headings(back.again()) == [heading]
    back.tab.segmented_control(key="view").set_value("Speech")
    assert "Speak your answers, and you see here how fast you talk" in back.again().text


def headings(tab: Visit) -> list[str]:
    return [str(found.value) for found in tab.tab.subheader]


def test_the_table_behind_a_chart_is_made_when_it_is_opened(site: Site, clock: Clock) -> None:
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    back = site.return_of(ann.person_id).open("Progress")
    assert len(back.tab.dataframe) == 0
    back.tab.session_state["numbers-scores"] = True
    assert back.again().tab.dataframe[0].value.to_dict("list") == {
        "Day": ["3 Mar 2026"],
        "Domain": ["Tea Making"],
        "Mean score": [1.0],
        "Answers": [1],
    }


def test_names_in_what_a_chart_says_are_mere_text(site: Site, clock: Clock) -> None:
    file = site.prompts / "domains" / "tiny.yaml"
    file.write_text(file.read_text("utf-8").replace("Tea Making", "'*Tea* [x](http://evil.example)'"), "utf-8")
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    back = site.return_of(ann.person_id).open("Progress", view="Skills")
    assert headings(back)[0].startswith(r"Skills in \*Tea\* \[x\]\(http")


def test_progress_narrows_to_a_domain(site: Site, clock: Clock) -> None:
    add_coffee(site)
    ann = site.visit()
    for domain in ("tiny", "tiny", "coffee"):
        hold(site, clock, ann.person_id, good=False, domain=domain)
    back = site.return_of(ann.person_id).open("Progress")
    assert metrics(back)["Interviews finished"] == "3"
    back.tab.pills(key="field").select("coffee")
    assert metrics(back.again())["Interviews finished"] == "1"


def test_each_domain_has_a_direction_of_its_own(site: Site, clock: Clock) -> None:
    add_coffee(site)
    ann = site.visit()
    for domain in ("tiny", "coffee", "coffee"):
        hold(site, clock, ann.person_id, good=False, domain=domain)
    back = site.return_of(ann.person_id).open("Progress")
    lines = [line for line in back.text.splitlines() if "a first word needs" in line]
    assert lines == [f"{n} of the 4 interviews that a first word needs" for n in (2, 1)]


def test_progress_opens_at_the_domain_in_its_address(site: Site, clock: Clock) -> None:
    add_coffee(site)
    ann = site.visit()
    for domain in ("tiny", "tiny", "coffee"):
        hold(site, clock, ann.person_id, good=False, domain=domain)
    back = site.return_of(ann.person_id).open("Progress", field="Coffee Making")
    assert metrics(back)["Interviews finished"] == "1"


def test_progress_of_a_domain_whose_file_is_gone_still_has_its_scores(site: Site, clock: Clock) -> None:
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    (site.prompts / "domains" / "tiny.yaml").rename(site.prompts / "domains" / "other.yaml")
    back = site.return_of(ann.person_id).open("Progress", view="Skills")
    assert headings(back) == ["Skills in Tiny"]


def test_scores_of_two_engines_are_never_drawn_together(open_site: OpenSite, clock: Clock) -> None:
    site = open_site(now=clock)
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    site.services.stop()
    interviewer = ScriptedInterviewer([reply("How do you brew?", "none", "opening")])
    later = open_site(scripted(interviewer, ScriptedGrader([9])), now=clock)
    hold(later, clock, ann.person_id, good=False)
    back = later.return_of(ann.person_id).open("Progress")
    assert metrics(back)["Interviews finished"] == "1"
    assert metrics(back)["Mean, last five"] == "9.0"
    assert "Scores of different engines are not compared with each other." in back.text


def test_of_what_is_half_graded_or_left_open_only_the_grades_count(open_site: OpenSite, clock: Clock) -> None:
    asked = [reply(f"How do you brew it, {time} time?", "none", "opening") for time in ("the first", "the second")]
    site = open_site(
        scripted(ScriptedInterviewer([*asked, *asked]), ScriptedGrader([7, "the model declined"])), now=clock
    )
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False, answers=2)
    site.return_of(ann.person_id).begin("tiny", questions=2)
    back = site.return_of(ann.person_id).open("Progress")
    assert metrics(back) == {"Interviews finished": "1", "Graded answers": "1", "Mean, last five": "7.0"}
    assert "1 answer could not be graded: nothing here is drawn from it." in back.text


def test_a_day_on_progress_is_the_one_on_the_viewers_calendar(site: Site, clock: Clock) -> None:
    clock.now = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)  # and a day later when it is held
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    for zone, day in (("Asia/Kolkata", "3 Mar"), ("America/Los_Angeles", "2 Mar")):
        back = site.return_of(ann.person_id)
        back.tab.context = {"url": "http://127.0.0.1:8501/", "timezone": zone}
        assert f"On {day} 2026 you stood at level" in back.open("Progress").text


def test_an_ungraded_answer_is_no_score(open_site: OpenSite, clock: Clock) -> None:
    interviewer = ScriptedInterviewer([reply("How do you brew?", "none", "opening")])
    site = open_site(scripted(interviewer, ScriptedGrader(["the model declined"])), now=clock)
    ann = site.visit()
    hold(site, clock, ann.person_id, good=False)
    assert metrics(site.return_of(ann.person_id).open("Start"))["Mean score"] == "–"
    assert "After your first graded interview" in site.return_of(ann.person_id).open("Progress").text
