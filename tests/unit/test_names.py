"""What people type about themselves: one form for what is the same, one sentence for what can't be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts import names
from core.accounts.permissions import Role

SENTENCE = r"^.{1,200}\.$"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann@Example.ORG", "ann@example.org"),
        ("  ann@example.org\n", "ann@example.org"),
        ("ann.o'neil+viva@mail.example.co.uk", "ann.o'neil+viva@mail.example.co.uk"),
        ("jose\u0301@exa\u0301mple.org", "jos\u00e9@ex\u00e1mple.org"),
        ("用户@例子.公司", "用户@例子.公司"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert names.clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@example",
        "ann@@example.org",
        "ann@exa mple.org",
        "ann@.example.org",
        "ann@example..org",
        "ann@-example.org",
        "ann,bea@example.org",
        "ann@example.org\nbcc: eve@example.org",
        "<ann@example.org>",
        "ann\u200b@example.org",
        "ann\u202e@example.org",
        "ann\ud800@example.org",
        "ann\0@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 64}.org",
        "a@" + "b.c" * 90 + ".org",
        "=cmd|'/c calc'!A1",
    ],
)
def test_what_is_no_address_is_told_in_one_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=SENTENCE) as caught:
        names.clean_email(typed)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann \t Lee\n", "Ann Lee"),
        (None, "ann"),
        ("", "ann"),
        ("=cmd|'/c calc'!A1", "=cmd|'/c calc'!A1"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("ज़ोहरा\u200dअली", "ज़ोहरा\u200dअली"),
        ("مریم\u200cبانو", "مریم\u200cبانو"),
    ],
)
def test_a_name_is_kept_on_one_line(typed: str | None, kept: str) -> None:
    assert names.clean_name(typed, "ann@example.org") == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize("typed", ["x" * 121, "Ann\u202enna", "Ann\0", "Ann\ud800", "Ann\u200b", "\x1b[31mAnn"])
def test_a_name_that_could_deceive_or_break_a_line_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=SENTENCE):
        names.clean_name(typed, "ann@example.org")


@pytest.mark.parametrize("typed", ["", "  \n", "x" * 201, "Blue\u202e", "Blue\0"])
def test_a_cohort_needs_a_name_that_can_be_read(typed: str) -> None:
    with pytest.raises(ValueError, match="name of a cohort"):
        names.clean_title(typed, "cohort")


@pytest.mark.parametrize("typed", ["learner", " Manager ", "ADMIN"])
def test_a_role_is_found_however_it_is_written(typed: str) -> None:
    assert names.clean_role(typed) is Role(typed.strip().lower())


@pytest.mark.parametrize("typed", ["", "boss", "learner;admin", "admin\0"])
def test_an_unknown_role_names_those_there_are(typed: str) -> None:
    with pytest.raises(ValueError, match="learner, manager, admin"):
        names.clean_role(typed)


@given(st.text(max_size=300))
def test_whatever_is_typed_an_address_is_clean_or_refused(typed: str) -> None:
    try:
        kept = names.clean_email(typed)
    except ValueError:
        return
    assert names.clean_email(kept) == kept
    assert kept.isprintable()
    assert kept.count("@") == 1


@given(st.text(max_size=300))
def test_what_is_shown_of_it_is_short_and_on_one_line(typed: str) -> None:
    shown = names.shown(typed)
    assert len(shown) <= 60
    assert shown.isprintable()
    shown.encode()
