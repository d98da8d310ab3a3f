"""Hostile text stays text: read by an independent Markdown parser, and by Streamlit's own rules for addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.hostile import PAYLOADS
from ui.safe import model_text, plain

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MADE = {"image", "link_open", "html_inline", "html_block"}
ADDRESS = re.compile(r"(https?://|www(?=\.))[-.\w]+|(?<![\w-])[-.\w+]+@[-\w]+(\.[-\w]+)+", re.IGNORECASE)
SHORTCODE = re.compile(r":[a-zA-Z_+-][\w/+-]*:")
DIRECTIVE = re.compile(r"(?<!\\):[\w-]+[\[{]|^\s*:::?\w", re.MULTILINE)
FORMULA = re.compile(r"(?<!\\)\$")

pieces = st.sampled_from(
    [
        *(
            "![",
            "[",
            "](",
            "]",
            ")",
            "<",
            ">",
            "<img src=",
            "http://e.example",
            "www.e.example",
            "a@e.example",
            "&#58;",
        ),
        *(
            "`",
            "``",
            "```",
            "~~~",
            "\n",
            "\n\n",
            "    ",
            "- ",
            "> ",
            "|",
            "|---|",
            "[a]:",
            "[a]",
            "$",
            "$$",
            "\\",
            "\\`",
        ),
        *(
            ":red[",
            ":smile:",
            ":material/home:",
            ":::",
            "{",
            "}",
            "x",
            " ",
            "*",
            "**",
            "_",
            "#",
            "1. ",
            "&",
            ";",
            "\r",
            "!",
        ),
    ]
)


def inline(tokens: list[Token]) -> list[Token]:
    return [piece for token in tokens for piece in (token, *inline(token.children or []))]


def faults(markdown: str) -> list[str]:
    """What a reader of this Markdown would see that is no text."""
    tokens = inline(READER.parse(markdown))
    found = [token.type for token in tokens if token.type in MADE]
    words = "".join(token.content if token.type == "text" else "\n" for token in tokens)
    found += [match[0] for match in (*ADDRESS.finditer(words), *SHORTCODE.finditer(words))]
    code = [token.content for token in tokens if token.type in ("code_inline", "fence", "code_block")]
    prose = markdown
    for text in code:
        prose = prose.replace(text.strip("\n"), " ")
    return found + [match[0] for match in (*DIRECTIVE.finditer(prose), *FORMULA.finditer(prose))]


def shown(markdown: str) -> str:
    """The words of one line of Markdown as they are read."""
    return "".join(token.content for token in inline(READER.parseInline(markdown)) if token.type == "text")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_longer_text_is_text(payload: str) -> None:
    assert faults(model_text(payload)) == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_name_is_shown_letter_for_letter(payload: str) -> None:
    made = plain(payload)
    assert [fault for fault in faults(made) if "@" not in fault] == []
    kept = "".join(letter for letter in " ".join(payload.split()) if letter not in "\u200b\u202e")
    assert shown(made).replace("\u2060", "") == kept


@pytest.mark.parametrize(
    "text",
    [
        "http://e.example",
        "http&#58;//e.example",
        "www.e.example",
        "a@e.example",
        "![x](y)",
        "[a]: y\n\n[a]",
        "<b>",
        ":smile:",
        ":red[hi]",
        "$x$",
    ],
)
def test_the_reader_sees_what_would_do_harm(text: str) -> None:
    assert faults(text) != []


@given(st.lists(pieces, max_size=30).map("".join))
def test_no_mixture_becomes_an_image_a_link_or_html(text: str) -> None:
    tokens = inline(READER.parse(model_text(text)))
    assert [token.type for token in tokens if token.type in MADE] == []


@given(st.lists(pieces, max_size=30).map("".join))
def test_no_mixture_in_a_name_becomes_anything(text: str) -> None:
    tokens = inline(READER.parse(f"Hello {plain(text)}, welcome"))
    assert {token.type for token in tokens} <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@given(st.text(max_size=200))
def test_any_text_can_be_sent_to_a_page(text: str) -> None:
    for made in (model_text(text), plain(text)):
        made.encode("utf-8")
    assert "\n" not in plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "**bold**, *thin* and ~~gone~~",
        "1. one\n2. two\n   - inner",
        "a `SELECT * FROM t WHERE x < 3 AND url = 'http://x.example'` b",
        "```sql\nSELECT a[0], '![x](y)' FROM t; -- http://x.example\n```",
        "~~~\n<b>$x$</b>\n~~~",
        "| a | b |\n|:--|--:|\n| 1 | 2 |",
        "# A title\n\n> A quote.",
    ],
)
def test_lists_emphasis_tables_and_code_stay(text: str) -> None:
    assert model_text(text) == text


@pytest.mark.parametrize(
    "text", ["At 10:30, a ratio of 3:1.", "AT&T < IBM & 5 > 3", "It costs $5, or $10.", "a_b*c [1] (2) {3}"]
)
def test_ordinary_marks_are_read_as_they_were_typed(text: str) -> None:
    assert shown(model_text(text)) == text
    assert shown(plain(text)) == text


def test_code_in_code_fences_is_untouched_and_what_follows_is_not() -> None:
    text = "```\n![x](http://evil.example)\n```\n![x](http://evil.example)"
    made = model_text(text)
    assert made.startswith("```\n![x](http://evil.example)\n```\n")
    assert faults(made) == []


def test_what_is_too_long_is_cut_with_a_sign() -> None:
    assert model_text("x" * 30, limit=10) == "x" * 9 + "…"
    assert shown(plain("x" * 300)) == "x" * 199 + "…"


def test_a_name_of_any_kind_of_value_can_be_shown() -> None:
    assert (plain(None), plain(7), plain("a\n\tb")) == ("None", "7", "a b")


@pytest.mark.parametrize(
    "piece", ["`", "```\n", "~~~\n", "![", "http://", "www.", ":a", "a@", "\\", "$", "|", "[a]:\n"]
)
@pytest.mark.timeout(20)
def test_a_long_text_takes_no_time_to_speak_of(piece: str) -> None:
    assert model_text(piece * 20_000)
    assert plain(piece * 20_000)
