"""A report to take along: the same in every form, whole, and with any letters in it."""

import io
import json
import re

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader

from core.engines.base import Feedback
from core.interview.model import Move
from core.reports import fonts, pdf
from core.reports.blocks import Kind, blocks
from core.reports.document import FORMAT, Document, document_of
from core.reports.markdown import as_markdown, escaped
from core.reports.pdf import as_pdf
from tests.unit.views import grade, interview, turn

SCRIPTS = {
    "Greek and Cyrillic": "Ελλάδα кот",
    "Hebrew": "שלום עולם",
    "Arabic": "مرحبا بالعالم",
    "Devanagari": "नमस्ते दुनिया",
    "Thai": "สวัสดี",
    "emoji": "🫖 👩🏽‍💻 ❤️",
    "Chinese": "中文",
    "control characters": "a\x07b\tc\x1b[0m\u202ed",
    "a letter that is in no font": "\U0001f9ff\U000f0000",
    "a very long word": "x" * 3_000,
    "half a pair": "\ufffd",
    "nothing": "",
}


def report(answer: str = "Steep it.", learner: str = "Ann", **changes: object) -> Document:
    given = grade(
        7,
        {"clarity": 3},
        {"Warm the pot": "met", "Time it": "missing"},
        errors=(("Boil it", "Not green tea."),),
        feedback=Feedback("You warmed it.", "The time.", "Say how long.", "Steep for two minutes."),
    )
    told = turn(1, "q", given, answer=answer, hints=("Think of heat.",), hints_seen=1, sure=True, input_mode="voice",
                model_answer="Warm, steep, pour.")  # fmt: skip
    return document_of(interview([told, turn(2, "r", answer=None, skipped=True)], **changes), learner)


def text_of(document: Document) -> str:
    """The words of the PDF, as a reader takes them out."""
    pages = PdfReader(io.BytesIO(as_pdf(document))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_every_form_has_everything_that_the_report_shows() -> None:
    document = report()
    for form in (as_markdown(document).replace("\\", ""), text_of(document)):
        for part in (
            "Tiny interview", "Ann", "2 Mar 2026", "7.0 of 10", "Why?", "Think of heat.", "Steep it.",
            "Spoken · 1 hint · sure of it", "7 of 10, estimated by the offline engine, ± 2", "3 of 4", "You warmed it.",
            "The time.", "Say how long.", "Steep for two minutes.", "Warm the pot", "Time it", "Not green tea.",
            "Warm, steep, pour.", "Skipped",
        ):  # fmt: skip
            assert part in form


def test_the_model_answer_under_a_follow_up_says_that_it_is_to_the_whole_question() -> None:
    told = [
        turn(1, "q", grade(), model_answer="Pour."),
        turn(2, "q", grade(), model_answer="Pour.", move=Move.FOLLOW_UP),
    ]
    labels = [block.label for block in blocks(document_of(interview(told), "Ann")) if block.text == "Pour."]
    assert labels == ["A model answer", "A model answer to the whole question"]


def test_the_json_is_what_programs_can_rely_on() -> None:
    told = json.loads(report().as_json())
    assert (told["format"], told["learner"], told["started_at"]) == (FORMAT, "Ann", "2026-03-02T09:00:00+00:00")
    first, second = told["answers"]
    assert (first["score"], first["graded_by"], first["criteria"][0]["level"], first["sure"]) == (7, "offline", 3, True)
    assert (second["skipped"], second["score"], second["answer"]) == (True, None, None)


def test_an_answer_without_a_score_says_why() -> None:
    document = document_of(interview([turn(1, "q")]), "Ann")
    assert [block.label for block in blocks(document) if "on its way" in block.text] == ["Not graded"]


@pytest.mark.parametrize("name", ["Data Science", "Tea/../Making", "Décor & \0", "数据", "", "x" * 300])
def test_a_file_s_name_is_safe_everywhere(name: str) -> None:
    assert re.fullmatch(r"viva-[a-z0-9-]{1,40}-2026-03-02\.pdf", report(domain_name=name).file_name("pdf"))


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_any_letters_can_be_put_into_every_form(text: str) -> None:
    document = report(answer=text, learner=text, domain_name=text, words=text or None)
    assert as_pdf(document).startswith(b"%PDF-")
    assert as_markdown(document)
    assert json.loads(document.as_json())["answers"][0]["answer"] == text


@pytest.mark.parametrize("script", ["Greek and Cyrillic", "Devanagari", "Thai", "Hebrew", "Arabic", "emoji"])
def test_the_fonts_have_the_letters_of_most_scripts(script: str) -> None:
    assert fonts.showable(SCRIPTS[script])[1] is False


def test_what_the_fonts_lack_is_marked_and_said() -> None:
    assert fonts.showable("to 中文") == (f"to {fonts.UNSHOWN * 2}", True)
    assert "don't have" in text_of(report(answer="中文"))
    assert "don't have" not in text_of(report())


def test_what_is_invisible_is_left_out_of_a_pdf() -> None:
    assert fonts.showable("a\x07b\u202ec\ufe0f\n") == ("abc\n", False)


def test_a_pdf_shortens_a_very_long_answer_and_says_so() -> None:
    found = text_of(report(answer="word " * 20_000 + "needle"))
    assert pdf.CUT in found
    assert "needle" not in found
    assert "needle" in as_markdown(report(answer="word " * 20_000 + "needle"))


@pytest.mark.parametrize(
    "text",
    [
        "# no heading", "- no item", "1. no item", "+ no item", "> no quote", "a *b* _c_ `d`", "![x](http://x/y.png)",
        "[x](javascript:1)", "<b>x</b>", "line\n===", "line\n---", "~~~\ncode", "a | b\n--|--", "&lt;", "    no code",
        "[a]: http://x", "\\*", "http://x/y",
    ],
)  # fmt: skip
def test_nothing_that_was_said_becomes_markup(text: str) -> None:
    tokens = [
        token
        for block in MarkdownIt("commonmark").parse("> " + escaped(text).replace("\n", "\n> "))
        for token in (block, *(block.children or ()))
    ]
    allowed = {"blockquote_open", "blockquote_close", "paragraph_open", "paragraph_close", "inline", "text", "softbreak",
               "text_special"}  # fmt: skip
    assert {token.type for token in tokens} <= allowed


def test_an_answer_brings_along_where_it_belongs() -> None:
    (answer,) = [block for block in blocks(report()) if block.kind is Kind.ANSWER]
    assert answer.of is not None
    assert answer.of.number == 1
