"""What a recogniser makes up is told from what was said."""

import pytest

from core.speech.doubts import is_echo, is_of_silence, without_loops

TERMS = ["PostgreSQL", "B-tree", "query planner", "ACID", "foreign key", "vacuum", "MVCC", "write-ahead log"]


def test_the_glossary_itself_is_an_echo() -> None:
    assert is_echo("PostgreSQL, B-tree, query planner, ACID, foreign key, vacuum, MVCC.", TERMS)


@pytest.mark.parametrize(
    "said",
    [
        "I would ask the query planner first, then add a B-tree index, and vacuum the table.",
        "PostgreSQL, ACID, MVCC",
        "vacuum vacuum vacuum vacuum vacuum vacuum vacuum vacuum vacuum",
        "",
    ],
)
def test_an_answer_full_of_terms_is_none(said: str) -> None:
    assert not is_echo(said, TERMS)


def test_without_a_glossary_there_is_no_echo() -> None:
    assert not is_echo("one two three four five six seven eight nine", [])


@pytest.mark.parametrize(
    "heard",
    ["Thanks for watching!", "Thank you so much for watching.", "you", "Bye-bye.", "[Music]", "Subtitles by somebody"],
)
def test_the_last_words_of_videos_are_of_silence(heard: str) -> None:
    assert is_of_silence(heard)


@pytest.mark.parametrize(
    "heard", ["Thank you, I would begin with the data.", "The music was bought, not hired.", "Yes."]
)
def test_an_answer_is_not(heard: str) -> None:
    assert not is_of_silence(heard)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("I use an index. " + "and then the index " * 9, "I use an index. and then the index "),
        ("so so so so so so so I begin", "so I begin"),
        ("it was very, very, very good", "it was very, very, very good"),
        ("left join, left join, left join", "left join, left join, left join"),
        ("1, 2, 3, 4, 1, 2, 3, 4", "1, 2, 3, 4, 1, 2, 3, 4"),
    ],
)
def test_a_loop_is_said_once(heard: str, said: str) -> None:
    assert without_loops(heard) == said
