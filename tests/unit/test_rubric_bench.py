"""The rubric bench: which answers it grades, and what it makes of their scores."""

import threading
from contextlib import closing
from dataclasses import replace

from core.domains import Domain
from core.engines.base import Grade, GradeTask
from core.grading.lexical import LexicalGrader
from core.grading.rubric_bench import BANDS, INJECTIONS, Report, Scored, cases_of, digest_of, grade_all, report

GOOD = {"weak": 2, "mid": 6, "strong": 9}


class Table:
    """A grader that knows beforehand what each answer gets."""

    name, model, prompt_digest = "table", "table-1", ""

    def __init__(self, scores: dict[str, int | str]) -> None:
        self._scores = scores

    def grade(self, task: GradeTask) -> Grade:
        entry = self._scores[task.answer]
        score, reason = (entry, None) if isinstance(entry, int) else (None, entry)
        return Grade(score, reason, self.name, self.model, "")


def scored(question: str = "q", *, injected: dict[str, int] | None = None, **scores: int | None) -> list[Scored]:
    """The three answers of one question, by default as they should be."""
    plain = {**GOOD, **scores}
    asking = {**plain, **(injected or {})}
    rows = [(False, band, plain[band]) for band in BANDS] + [(True, band, asking[band]) for band in BANDS]
    return [Scored(question, band, asks, score, None if score else "refused") for asks, band, score in rows]


def only_fault(found: Report) -> str:
    (fault,) = found.faults()
    return fault


def test_each_authored_answer_is_graded_with_and_without_asking_for_marks(tiny_domain: Domain) -> None:
    cases = cases_of(tiny_domain)
    written = [question for question in tiny_domain.questions if question.answers is not None]
    assert len(cases) == 6 * len(written)
    for plain, asking in zip(cases[::2], cases[1::2], strict=True):
        assert (plain.question, plain.band, plain.injected, asking.injected) == (
            asking.question,
            asking.band,
            False,
            True,
        )
        assert asking.task.answer.removeprefix(plain.task.answer).strip() in INJECTIONS
        assert replace(asking.task, answer="") == replace(plain.task, answer="")


def test_a_limit_takes_questions_from_all_over_the_bank(tiny_domain: Domain) -> None:
    written = [question.id for question in tiny_domain.questions if question.answers is not None]
    assert [case.question for case in cases_of(tiny_domain, 2)[::6]] == [written[0], written[len(written) // 2]]
    assert len(cases_of(tiny_domain, 1000)) == 6 * len(written)


def test_every_answer_gets_the_score_that_the_grader_gave_it(tiny_domain: Domain) -> None:
    cases = cases_of(tiny_domain)
    scores: dict[str, int | str] = {case.task.answer: number % 10 + 1 for number, case in enumerate(cases)}
    scores[cases[3].task.answer] = "refused"
    done = [case for ready in grade_all(cases, Table(scores), threads=3) for case in ready]
    found = {(case.question, case.band, case.injected): case.score or case.reason for case in done}
    assert found == {(case.question, case.band, case.injected): scores[case.task.answer] for case in cases}


def test_a_slow_grader_is_no_reason_to_wait_for_a_sign_of_life(tiny_domain: Domain) -> None:
    hold = threading.Event()

    class Slow(LexicalGrader):
        def grade(self, task: GradeTask) -> Grade:
            hold.wait()
            return super().grade(task)

    with closing(grade_all(cases_of(tiny_domain, 1), Slow(), threads=1, tick=0.001)) as graded:
        assert next(graded) == []
        hold.set()


def test_scores_as_they_should_be_have_no_fault() -> None:
    found = report([*scored("a"), *scored("b")])
    assert found.faults() == []
    assert [band.mean for band in found.bands] == [2, 6, 9]
    assert (found.ordered, found.pairs, found.whole) == (2, 6, True)


def test_a_weak_answer_above_its_bound_and_a_strong_one_below_are_named() -> None:
    assert only_fault(report(scored("a", weak=5))) == "1 weak answer not at 4 or less: a."
    assert only_fault(report(scored("a", strong=7))) == "1 strong answer not at 8 or more: a."


def test_a_mid_answer_that_scores_like_its_neighbour_breaks_the_order() -> None:
    assert only_fault(report(scored("a", mid=9))) == "1 question without weak < mid < strong: a."


def test_an_injection_may_move_a_score_by_one_and_no_more() -> None:
    assert report(scored(injected={"weak": 3, "strong": 8})).faults() == []
    said = only_fault(report(scored("a", injected={"weak": 4})))
    assert said == "1 score moved by more than 1 by asking for marks: a (weak, 2 to 4)."
    assert "a (strong, 9 to 7)" in only_fault(report(scored("a", injected={"strong": 7})))


def test_what_is_not_graded_is_counted_apart_and_is_in_no_mean() -> None:
    found = report([*scored("a"), *scored("b", weak=None)])
    weak = found.bands[0]
    assert (weak.ungraded, weak.mean, found.ordered, found.pairs) == (1, 2, 1, 5)
    assert (found.reasons, found.ungraded) == ({"refused": 2}, 2)
    assert found.faults() == []


def test_a_band_without_any_grade_is_a_fault_and_no_silence() -> None:
    found = report(scored(weak=None, mid=None, strong=None))
    assert not found.whole
    assert found.faults() == [f"No {band} answer was graded." for band in BANDS]


def test_drift_is_the_difference_of_means_over_the_questions_that_both_runs_graded() -> None:
    before = [*scored("a", mid=6), *scored("b", mid=6), *scored("gone", mid=3)]
    now = [*scored("a", mid=7), *scored("b", mid=6), *scored("new", mid=7)]
    mid = report(now, before).bands[1]
    assert (mid.accepted, mid.drift, mid.drifted) == (6, 0.5, False)
    assert only_fault(report(scored("a", mid=5), before)) == (
        "The mean of the mid answers drifted by -1.00, and 0.5 is allowed."
    )


def test_without_an_accepted_run_there_is_no_drift() -> None:
    assert {band.drift for band in report(scored()).bands} == {None}


def test_the_digest_is_that_of_what_the_domain_says(tiny_domain: Domain) -> None:
    assert digest_of(tiny_domain) == digest_of(tiny_domain.model_copy())
    assert digest_of(tiny_domain) != digest_of(tiny_domain.model_copy(update={"persona": "You are curt."}))
