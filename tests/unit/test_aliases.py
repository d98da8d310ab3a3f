"""What a learner's edit teaches: uncommon forms that were made a term of the glossary, and nothing else."""

import pytest

from core.speech.aliases import corrections

TERMS = ["PyTorch", "gaiwan", "Lapsang Souchong", "SQL"]


@pytest.mark.parametrize(
    ("shown", "sent", "found"),
    [
        ("I trained it in pie torch.", "I trained it in PyTorch.", ("pie torch", "PyTorch")),
        ("Pour it into the guywan slowly.", "Pour it into the gaiwan slowly.", ("guywan", "gaiwan")),
        ("A lapsong sushong is smoky", "A Lapsang Souchong is smoky", ("lapsong sushong", "Lapsang Souchong")),
    ],
)
def test_a_form_that_was_made_a_term_is_learnt(shown: str, sent: str, found: tuple[str, str]) -> None:
    assert list(corrections(shown, sent, TERMS)) == [found]


@pytest.mark.parametrize(
    ("shown", "sent"),
    [
        ("I use it every day.", "I use SQL every day."),  # an everyday word may be meant so the next time
        ("I asked the people there.", "I asked SQL there."),
        ("The lid of it was hot.", "The gaiwan was hot."),
        ("Pour it into the guywan.", "Pour it into the teapot."),
        ("Pour it into the guywan.", "Pour it into the guywan, with a PyTorch model."),
        ("Pour it into the gaiwan.", "Pour it into the gaiwan."),
        ("guywan one two three four five six", "gaiwan"),
        ("", "PyTorch"),
        ("guywan " + "word " * 5000, "gaiwan " + "word " * 5000),  # comparing takes too long
    ],
)
def test_any_other_edit_teaches_nothing(shown: str, sent: str) -> None:
    assert list(corrections(shown, sent, TERMS)) == []
