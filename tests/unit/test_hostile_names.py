"""Names that try to be more than names, in every form in which a report is taken along: text, and nothing else."""

import json

import pytest
from markdown_it import MarkdownIt

from core.reports.markdown import as_markdown
from tests.unit.test_reports import report, text_of

NAMES = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "<img src=http://evil.example/y.png>",
    "$\\\\includegraphics{x}$ {{7*7}} ${x}",
    "(x) Tj ET /URI (http://evil.example) >> endobj",
]


@pytest.mark.parametrize("name", NAMES)
def test_in_json_it_is_the_name(name: str) -> None:
    assert json.loads(report(learner=name).as_json())["learner"] == name


@pytest.mark.parametrize("name", NAMES)
def test_in_markdown_it_is_shown_letter_for_letter(name: str) -> None:
    drawn = MarkdownIt("commonmark", {"html": True}).render(as_markdown(report(learner=name, answer=name)))
    assert not [made for made in ("<img", "<a ", "<script", 'javascript:"') if made in drawn]


@pytest.mark.parametrize("name", NAMES)
def test_in_the_pdf_it_is_words_on_a_page(name: str) -> None:
    assert name.split()[0][:12] in text_of(report(learner=name)).replace("\n", "")


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f"])
def test_a_direction_mark_turns_no_page_of_the_pdf_around(mark: str) -> None:
    assert mark not in text_of(report(learner=f"Ann{mark}nnA"))
