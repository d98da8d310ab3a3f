"""The rubric bench of every domain with the offline grader: what it must keep without a model."""

from core.config import ROOT
from core.domains import load_all
from core.grading.lexical import LexicalGrader
from core.grading.rubric_bench import cases_of, grade_all, report
from tests.bench._table import line


def main() -> bool:
    """Print what each domain misses; True when no bound is missed."""
    kept = []
    for domain in load_all(ROOT / "prompts" / "domains").domains.values():
        graded = grade_all(cases_of(domain), LexicalGrader(), threads=2)
        faults = report(case for ready in graded for case in ready).faults()
        kept.append(line(f"{domain.name}: bounds missed", len(faults), 0, digits=0))
        for fault in faults:
            print(f"      {fault}")
    return all(kept)
