"""Thoughts are kept back wherever the pieces are cut."""

import pytest

from core.engines.thinking import ThoughtFilter, without_thoughts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("<think>no</think>yes", "yes"),
        ("a<think>no</think>b<think>no</think>c", "abc"),
        ("<think>a < b </thin > c</think>d", "d"),
        ("1 < 2 <thin", "1 < 2 <thin"),
        ("<think>never closed", ""),
        ("<<think>x</think>>", "<>"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_what_is_thought_is_dropped_and_the_rest_is_kept(text: str, shown: str, size: int) -> None:
    thoughts = ThoughtFilter()
    pieces = [thoughts.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join([*pieces, thoughts.close()]) == shown == without_thoughts(text)


def test_text_that_can_be_no_tag_is_shown_at_once() -> None:
    assert ThoughtFilter().feed("1 < 2") == "1 < 2"
