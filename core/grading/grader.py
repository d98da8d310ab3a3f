"""The grader with a model: its evidence is checked, and its levels become a score, in code."""

from dataclasses import replace
from statistics import median_low

from core.engines.base import Assessment, Assessor, Grade, Grader, GradeTask, ServiceError
from core.grading import guards, rubric
from core.grading.evidence import verified
from core.grading.injection import strike
from core.grading.lexical import nothing_to_grade

FAR = 3
"""Points between the model's score and the offline estimate from which a second opinion is asked for."""
OPINIONS = 3


class ModelGrader:
    """Grades with an Assessor; implements base.Grader.

    An answer with nothing in it gets the minimum without a call. When the model is unsure, or far from the estimate of
    `second`, it is asked twice more and the median counts; there is no score when neither of the two is sound.
    """

    def __init__(self, assessor: Assessor, *, second: Grader | None = None) -> None:
        self.name, self.model, self.prompt_digest = assessor.name, assessor.model, assessor.prompt_digest
        self._assessor, self._second = assessor, second

    def grade(self, task: GradeTask) -> Grade:
        """The grade; a fault of the model is a reason, never a score."""
        expected = " ".join([task.reference, *(point.point for point in task.key_points)])
        clean, struck = strike(task.answer, f"{task.question} {expected}")
        flags = ("injection",) if struck else ()
        task = replace(task, answer=clean)
        if reason := guards.nothing_said(clean, task.question, expected, struck):
            return nothing_to_grade(task, reason, (*flags, "nothing said"), self.name, self._assessor.model)
        try:
            first = self._assessor.assess(task)
            grade = self._from(first, task, flags)
            if grade.score is None or not self._doubtful(first, grade.score, task):
                return grade
            more = [self._from(self._assessor.assess(task), task, flags) for _ in range(OPINIONS - 1)]
        except ServiceError as error:
            return self._ungraded(error.sentence, flags)
        scores = [opinion.score for opinion in (grade, *more) if opinion.score is not None]
        if len(scores) < 2:
            return self._ungraded("the grader was unsure, and asked again it gave no sound judgement", flags)
        median = median_low(scores)
        chosen = next(opinion for opinion in (grade, *more) if opinion.score == median)
        return replace(chosen, flags=(*chosen.flags, f"median of {len(scores)} opinions"))

    def _from(self, assessment: Assessment, task: GradeTask, flags: tuple[str, ...]) -> Grade:
        checked, taken_back = verified(assessment, task.answer, task.before)
        if assessment.injection:
            flags = (*flags, "injection")
        claimed = any(criterion.level > 0 for criterion in assessment.criteria)
        if claimed and all(criterion.level == 0 for criterion in checked.criteria):
            reason = "the grader quoted words that are not in your answer, so its judgement does not count"
            return self._ungraded(reason, (*flags, *taken_back))
        try:
            levels = {criterion.name: criterion.level for criterion in checked.criteria}
            score = rubric.score(levels, task.kind, wrong_parts=len(checked.errors))
        except ValueError:
            return self._ungraded("the grader's judgement did not fit the rubric", flags)
        return Grade(
            score=score,
            reason=None,
            engine=self.name,
            model=self._assessor.model,
            prompt_digest=self._assessor.prompt_digest,
            criteria=checked.criteria,
            points=checked.points,
            errors=checked.errors,
            feedback=checked.feedback,
            flags=(*dict.fromkeys((*flags, *taken_back)),),
        )

    def _doubtful(self, assessment: Assessment, score: int, task: GradeTask) -> bool:
        if assessment.confidence == "low":
            return True
        if self._second is None or not task.key_points:
            return False
        estimate = self._second.grade(task).score
        return estimate is not None and abs(estimate - score) > FAR

    def _ungraded(self, reason: str, flags: tuple[str, ...]) -> Grade:
        assessor = self._assessor
        return Grade(None, reason, self.name, assessor.model, assessor.prompt_digest, flags=flags)
