"""The page of prompts and domains: edited as drafts, tried, run on the bench, put to use, rolled back."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import update

from core.bootstrap import Engines
from core.engines.base import Grade, GradeTask
from core.engines.offline_interviewer import OfflineInterviewer
from core.grading.current import CurrentGrader
from core.grading.lexical import LexicalGrader
from core.prompts import Prompt, PromptStore
from core.quality.versions import Kind
from core.speech.aliases import learn
from core.storage.text_tables import TextVersion
from tests.app.conftest import OpenSite, Site
from tests.app.visit import ROOT, Visit
from tests.hall import START
from tests.storage.waiting import until

TYPED = "Some people brew it."


class Prompted(LexicalGrader):
    """The offline grader as if it were a model's: with a prompt, and two points lower when told to be strict."""

    name, model = "openai", "script-1"

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self.prompt_digest = prompt.digest
        self._off = 2 if "strict examiner" in prompt.body else 0

    def grade(self, task: GradeTask) -> Grade:
        score = max(1, (super().grade(task).score or 1) - self._off)
        return Grade(score, None, self.name, self.model, self.prompt_digest)


@pytest.fixture
def with_model(open_site: OpenSite) -> Site:
    """A site where a model grades, by the prompt that is in use."""
    lexical = LexicalGrader()
    files = PromptStore(ROOT / "prompts")
    graders = {"offline": lexical, "openai": CurrentGrader(files, Prompted)}
    interviewers = {"openai": OfflineInterviewer(lexical)}
    return open_site(Engines("openai", "script-1", interviewers, graders, None, grader_with=Prompted))


@pytest.fixture
def ada(site: Site) -> Visit:
    return site.visit("ada", "admin").open("Prompts")


def choose(visit: Visit, item: str, step: str = "Edit", version: int | None = None) -> Visit:
    visit.tab.selectbox(key="text").set_value(item)
    visit.again()
    if version is not None:
        visit.tab.selectbox(key=f"version-{item}").set_value(version)
        visit.again()
    visit.tab.button_group(key="step").set_value(step)
    return visit.again()


def edit(visit: Visit, change: Callable[[str], str], note: str = "") -> Visit:
    """Change what stands in the box, and save it."""
    box = visit.tab.text_area[0]
    box.input(change(str(box.value)))
    if note:
        next(found for found in visit.tab.text_input if str(found.key).startswith("note-")).input(note)
    return visit.press("Save as a draft")


def stricter(text: str) -> str:
    assert "experienced examiner" in text
    return text.replace("an experienced examiner", "a strict examiner")


def broken(text: str) -> str:
    return text.replace("$canary", "$canard")


def whole(visit: Visit) -> Visit:
    """The tiny domain's text in one piece."""
    choose(visit, "domain-tiny").tab.selectbox(key="part-domain-tiny").set_value("The whole text")
    return visit.again()


def benched(visit: Visit) -> Visit:
    """Run the bench on what is chosen, and look when it is done."""
    visit.press("Run the rubric bench")
    until(lambda: visit.services.benches.running() is None)
    return visit.again()


def name_of_tiny(site: Site) -> str:
    return site.services.domains.catalogue().domains["tiny"].name


@pytest.mark.parametrize("role", ["learner", "manager"])
def test_others_are_told_whom_it_is_for(site: Site, role: str) -> None:
    visit = site.visit("max", role).open("Prompts")
    assert visit.problems == ["This page is for administrators."]
    assert "Save as a draft" not in visit.buttons()


def test_every_prompt_and_domain_is_there_and_its_file_in_use(ada: Visit) -> None:
    options = ada.tab.selectbox(key="text").options
    assert {"Prompt: grader", "Prompt: interviewer", "Domain: tiny"} <= set(options)
    assert "In use" in choose(ada, "prompt-grader").text
    assert "You are an experienced examiner." in str(ada.tab.text_area[0].value)


def test_an_edit_is_a_draft_with_who_and_why(site: Site, ada: Visit) -> None:
    edit(choose(ada, "prompt-grader"), stricter, "Stricter, by *request*")
    assert "Saved as version 1, a draft." in ada.text
    for part in ("Draft, not in use", "written by Ada just now", "Note: Stricter, by *request*"):
        assert part in ada.text
    assert "strict examiner" in str(ada.tab.text_area[0].value)
    assert "experienced" in site.services.prompts.get("grader").body


def test_a_fault_is_told_with_its_line_and_the_text_stays(site: Site, ada: Visit) -> None:
    edit(choose(ada, "prompt-grader"), broken)
    assert ada.problems[0] == "Nothing is saved: the text has faults. It stays in its box."
    assert "grader.md:55: the variable canard is not declared in the front matter" in ada.problems[1]
    assert "$canard" in str(ada.tab.text_area[0].value)
    assert site.services.versions.listed(Kind.PROMPT, "grader") == []


def test_what_is_not_saved_yet_survives_a_look_elsewhere(ada: Visit) -> None:
    box = choose(ada, "prompt-grader").tab.text_area[0]
    box.input("half a thought")
    ada.again()
    choose(ada, "prompt-card")
    choose(ada, "domain-tiny", "Put to use")
    assert str(choose(ada, "prompt-grader").tab.text_area[0].value) == "half a thought"
    ada.press("Take my changes back")
    assert "experienced examiner" in str(ada.tab.text_area[0].value)


def test_saving_what_was_not_changed_is_no_version(site: Site, ada: Visit) -> None:
    choose(ada, "prompt-grader").press("Save as a draft")
    assert ada.problems == ["Nothing has been changed yet."]
    assert site.services.versions.listed(Kind.PROMPT, "grader") == []


def test_one_question_of_a_domain_is_edited_by_itself(site: Site, ada: Visit) -> None:
    choose(ada, "domain-tiny")
    assert str(ada.tab.text_area[0].value).startswith("  - id: tea-brew-heat\n")
    edit(ada, lambda text: text.replace("boiling water?", "water off the boil?"))
    saved = site.services.versions.text(Kind.DOMAIN, "tiny", 1)
    file = (site.prompts / "domains" / "tiny.yaml").read_text("utf-8")
    assert saved == file.replace("boiling water?", "water off the boil?", 1)


def test_a_question_with_a_new_id_leaves_no_choice_behind(ada: Visit) -> None:
    edit(choose(ada, "domain-tiny"), lambda text: text.replace("id: tea-brew-heat", "id: tea-brew-warmth"))
    assert "Saved as version 1" in ada.text
    assert str(ada.tab.text_area[0].value).startswith("  - id: tea-brew-warmth\n")


def test_the_faults_of_a_question_have_the_lines_of_the_whole_text(ada: Visit) -> None:
    edit(choose(ada, "domain-tiny"), lambda text: text.replace("level: 1", "level: 9"))
    assert "tiny.yaml:13: questions.0.level" in ada.problems[1]


def test_a_domain_is_put_to_use_and_rolled_back(site: Site, ada: Visit) -> None:
    edit(whole(ada), lambda text: text.replace("name: Tea Making", "name: Tea Brewing", 1))
    choose(ada, "domain-tiny", "Put to use")
    assert "+name: Tea Brewing" in ada.text
    assert name_of_tiny(site) == "Tea Making"
    ada.press("Put version 1 to use")
    assert "Version 1 is in use now." in ada.text
    assert "put to use just now by Ada" in ada.text
    assert name_of_tiny(site) == "Tea Brewing"
    choose(ada, "domain-tiny", "Put to use", 0).press("Use the file again")
    assert name_of_tiny(site) == "Tea Making"
    choose(ada, "domain-tiny", "Put to use", 1).press("Go back to version 1")
    assert name_of_tiny(site) == "Tea Brewing"


def test_what_the_check_of_domains_would_say_is_told_before_the_step(ada: Visit) -> None:
    hint = "the hint “direction” gives the must-have “hot water extracts tannins from the leaf” away"
    edit(
        choose(ada, "domain-tiny"),
        lambda text: text.replace(
            "Think about what leaves the plant and enters the cup.", "Hot water extracts tannins from the leaf."
        ),
    )
    choose(ada, "domain-tiny", "Put to use")
    assert hint in "".join(str(found.value) for found in ada.tab.warning).replace("\\", "")


def test_a_prompt_that_grades_nothing_says_that_no_bench_can_tell(ada: Visit) -> None:
    edit(choose(ada, "prompt-card"), lambda text: f"{text}\nBe brief.\n")
    for step in ("Try a question", "Rubric bench", "Put to use"):
        assert "Nothing is graded with this prompt" in choose(ada, "prompt-card", step).text
    ada.press("Put version 1 to use")
    assert "Version 1 is in use now." in ada.text


def test_without_a_model_the_grader_prompt_is_said_to_grade_nothing(ada: Visit) -> None:
    assert "No model is set here" in choose(ada, "prompt-grader", "Rubric bench").text


def test_an_answer_is_tried_on_a_question(ada: Visit) -> None:
    choose(ada, "domain-tiny", "Try a question").tab.text_area[0].input(TYPED)
    ada.press("Grade it")
    _, future = ada.tab.session_state["trial"]
    future.result(20)
    assert 1 in ada.again().scores
    assert "estimated by the offline engine, ± 2" in ada.text
    choose(ada, "prompt-grader", "Edit")
    assert choose(ada, "domain-tiny", "Try a question").scores == [1]


def test_a_trial_takes_the_draft_and_not_what_is_in_use(with_model: Site) -> None:
    ada = with_model.visit("ada", "admin").open("Prompts")
    edit(choose(ada, "prompt-grader"), stricter)
    question = with_model.services.domains.catalogue().domains["tiny"].questions[0]
    assert question.answers is not None
    for version, score in ((0, 10), (1, 8)):
        choose(ada, "prompt-grader", "Try a question", version).tab.text_area[0].input(question.answers.strong)
        ada.press("Grade it")
        ada.tab.session_state["trial"][1].result(20)
        assert ada.again().scores == [score]


def test_the_bench_runs_away_from_the_page_and_is_read_there(ada: Visit) -> None:
    benched(choose(ada, "domain-tiny", "Rubric bench"))
    assert "Tea Making: 54 answers by the offline engine" in ada.text
    assert "9 of 9 questions in order" in ada.text
    assert "All bounds are kept." in ada.text
    ada.press("Compare later runs with this one")
    assert "later runs are compared with it" in ada.text


def test_a_run_of_the_bench_can_be_followed_and_stopped(with_model: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(Prompted, "grade", lambda *_: gate.wait() and Grade(1, None, "openai", "script-1", ""))
    ada = with_model.visit("ada", "admin").open("Prompts")
    choose(ada, "domain-tiny", "Rubric bench").press("Run the rubric bench")
    assert "Tea Making: 0 of 54 answers are graded" in ada.text
    ada.press("Stop it")
    gate.set()
    assert "This run was stopped after 0 of 54 answers" in ada.again().text


def test_a_draft_of_the_grader_shows_its_drift_before_it_is_put_to_use(with_model: Site) -> None:
    ada = with_model.visit("ada", "admin").open("Prompts")
    benched(choose(ada, "prompt-grader", "Rubric bench")).press("Compare later runs with this one")
    edit(choose(ada, "prompt-grader"), stricter)
    choose(ada, "prompt-grader", "Put to use")
    assert "run the rubric bench on this draft" in ada.text
    put = next(button for button in ada.tab.button if button.label == "Put version 1 to use")
    assert put.disabled
    benched(choose(ada, "prompt-grader", "Rubric bench"))
    choose(ada, "prompt-grader", "Put to use")
    assert "The mean of the strong answers drifted by -2.00, and 0.5 is allowed." in ada.text
    assert next(button for button in ada.tab.button if button.label == "Put version 1 to use").disabled
    ada.tab.checkbox[0].check()
    ada.again().press("Put version 1 to use")
    assert "strict examiner" in with_model.services.prompts.get("grader").body


def test_a_draft_without_an_accepted_run_says_that_there_is_no_drift_to_see(with_model: Site) -> None:
    ada = with_model.visit("ada", "admin").open("Prompts")
    edit(choose(ada, "prompt-grader"), stricter)
    benched(choose(ada, "prompt-grader", "Rubric bench"))
    assert "There is no drift to see" in choose(ada, "prompt-grader", "Put to use").text


def test_a_version_in_use_that_can_no_longer_be_read_is_told(site: Site, ada: Visit) -> None:
    edit(choose(ada, "prompt-grader"), stricter)
    choose(ada, "prompt-grader", "Put to use").press("Put version 1 to use")
    with site.services.database.write() as session:
        session.execute(update(TextVersion).values(text="nothing"))
    assert "The file is used in its place." in ada.again().problems[0]


def test_a_domain_whose_file_is_broken_is_mended_here(site: Site) -> None:
    path = site.prompts / "domains" / "tiny.yaml"
    path.write_text(path.read_text("utf-8").replace("persona:", "personality:", 1), "utf-8")
    ada = choose(site.visit("ada", "admin").open("Prompts"), "domain-tiny")
    assert "“personality” is not a field here" in ada.problems[0]
    edit(whole(ada), lambda text: text.replace("personality:", "persona:"))
    choose(ada, "domain-tiny", "Put to use").press("Put version 1 to use")
    assert name_of_tiny(site) == "Tea Making"


def test_learnt_forms_are_listed_and_revoked(site: Site, ada: Visit) -> None:
    assert "Nobody has put a misheard term of this domain right yet." in choose(ada, "domain-tiny", "Learnt forms").text
    with site.services.database.write() as session:
        learn(session, "tiny", [("gazpan", "gaiwan")], START)
        learn(session, "tiny", [("gazpan", "gaiwan")], START)
    assert "**gazpan** → gaiwan · 2×" in ada.again().text
    assert "no longer put right" in ada.press("Revoke").text
    assert site.services.aliases.used("tiny") == {}
    assert "Use again" in ada.buttons()
