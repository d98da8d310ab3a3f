"""The header and the message told apart, however the reply is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engines.header import MAX_HEADER, Header, HeaderParser

LINE = '{"band": "weak", "move": "follow_up", "skill": "sql"}'
HEADER = Header("weak", "follow_up", "sql")


def parse(*pieces: str) -> tuple[Header | None, str]:
    parser = HeaderParser()
    shown = "".join([*map(parser.feed, pieces), parser.close()])
    assert shown == parser.text
    return parser.header, parser.text


@pytest.mark.parametrize(
    "reply",
    [
        f"{LINE}\nHello {{there}}.",
        f"\n  {LINE}\r\n\r\nHello {{there}}.",
        f"\ufeff{LINE}\nHello {{there}}.",
        f"{LINE}Hello {{there}}.",
        f"```json\n{LINE}\n```\nHello {{there}}.",
        f"```\n{LINE}\n```\n\nHello {{there}}.",
        f"```json\n{LINE}\nHello {{there}}.",
        '{\n  "band": "WEAK",\n  "move": "follow-up",\n  "skill": " SQL "\n}\nHello {there}.',
        '{"band": "weak", "move": "follow up", "skill": "sql", "why": "a \\"}\\" in it"}\nHello {there}.',
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_header_is_taken_off_the_message(reply: str, size: int) -> None:
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert parse(*pieces) == (HEADER, "Hello {there}.")


@pytest.mark.parametrize(
    "reply",
    [
        "Hello there.",
        "{this} is code",
        '{"a": 1} is JSON. What is it for?',
        "```python\nprint(1)\n```\nWhat does it print?",
        "``",
        '{"band": "weak"',
        f"Sure! {LINE}",
        "{" + "x" * (MAX_HEADER + 5) + '"band"}',
        "",
        "   ",
    ],
)
@pytest.mark.parametrize("size", [1, 5, 10_000])
def test_a_reply_without_a_header_is_shown_whole(reply: str, size: int) -> None:
    pieces = [reply[at : at + size] for at in range(0, len(reply), size)]
    assert parse(*pieces) == (None, reply)


@pytest.mark.parametrize(
    "line",
    [
        "{'band': 'weak', 'move': 'follow_up'}",
        '{"band": "weak", "move": "follow_up"}',
        '{"band": 3, "move": "follow_up", "skill": "sql"}',
        "{band: weak, move: hint, skill: sql,}",
    ],
)
def test_a_header_that_is_no_good_is_not_shown_either(line: str) -> None:
    assert parse(f"{line}\nHello.") == (None, "Hello.")


def test_the_message_streams_as_soon_as_the_header_is_over() -> None:
    parser = HeaderParser()
    assert [parser.feed(piece) for piece in (LINE, "\nHel", "lo ", "you")] == ["", "Hel", "lo ", "you"]


def test_a_reply_without_a_header_streams_at_once() -> None:
    parser = HeaderParser()
    assert parser.feed("Hel") == "Hel"


def test_an_unclosed_object_is_held_back_no_longer_than_the_bound() -> None:
    parser = HeaderParser()
    assert parser.feed("{" + "x" * MAX_HEADER) == "{" + "x" * MAX_HEADER


def test_a_header_alone_leaves_no_message() -> None:
    assert parse(LINE) == (HEADER, "")


@given(st.text(max_size=80), st.lists(st.integers(1, 9), max_size=30))
def test_no_word_of_a_message_is_lost_however_it_is_cut(message: str, sizes: list[int]) -> None:
    reply, pieces, at = f"{LINE}\nSo, {message}", [], 0
    for size in sizes:
        pieces.append(reply[at : at + size])
        at += size
    assert parse(*pieces, reply[at:]) == (HEADER, f"So, {message}")
