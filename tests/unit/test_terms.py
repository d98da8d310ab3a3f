"""Terms that a recogniser misheard are put right, what is less sure is offered, and ordinary English stays."""

import json

import pytest

from core.domains import Term
from core.speech.field import NOTHING_SAID, REMEMBERED, Field, Talk, weights
from core.speech.terms import Corrector, Edit, apply, swapped

CORRECTOR = Corrector(
    [
        Term(term="FastAPI"),
        Term(term="Git", spoken=["get"], cues=["repo", "commit", "branch"]),
        Term(term="JSON", spoken=["jason"], cues=["file", "api"]),
        Term(term="Kubernetes", spoken=["kuber netties"]),
        Term(term="NumPy", spoken=["num pie"]),
        Term(term="p-value"),
        Term(term="normalisation"),
        Term(term="batch-normalisation"),
        Term(term="k-nearest neighbours", spoken=["k nearest neighbors"]),
        Term(term="EC2"),
        Term(term="C++"),
        Term(term="Node.js"),
        Term(term="idempotent"),
        Term(term="Excel"),
        Term(term="Pydantic"),
        Term(term="Jupyter notebook"),
        Term(term="pandas"),
        Term(term="Redis"),
        Term(term="Matplotlib"),
        Term(term="IAM"),
        Term(term="Kafka"),
        Term(term="HTTP"),
        Term(term="hallucination"),
        Term(term="PostgreSQL", spoken=["post gres"]),
        Term(term="INP"),
    ]
)


def corrected(text: str) -> str:
    return CORRECTOR.correct(text).text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("we built it with fast API", "we built it with FastAPI"),
        ("fast-api is quick", "FastAPI is quick"),
        ("Fast Api.", "FastAPI."),
        ("two p values", "two p-values"),
        ("batch normalisation", "batch-normalisation"),
        ("Batch Normalization", "batch-normalization"),
        ("k nearest neighbors", "k-nearest neighbors"),
        ("on EC two", "on EC2"),
        ("in c plus plus", "in C++"),
        ("a node js server", "a Node.js server"),
        ("a node dot js server", "a Node.js server"),
        ("kubernetes", "Kubernetes"),
    ],
)
def test_spelling_is_put_right(said: str, meant: str) -> None:
    assert corrected(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("deploy to kuber netties", "deploy to Kubernetes"),
        ("num pie arrays", "NumPy arrays"),
        ("commit it to the get repo", "commit it to the Git repo"),
        ("a jason file", "a JSON file"),
    ],
)
def test_a_listed_form_is_put_right(said: str, meant: str) -> None:
    assert corrected(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "I get up early",
        "my brother jason called",
        "I excel at that",
        "projects in P.M. for now",
        "We get it.  Then a branch falls, and all the way home, over the hills and far away, we talk",
    ],
)
def test_ordinary_english_needs_a_cue_to_be_a_term(said: str) -> None:
    assert corrected(said) == said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("pidentic models", "Pydantic models"),
        ("validated by pydentics", "validated by Pydantic"),
        ("numbpy", "NumPy"),
        ("mapplotlib charts", "Matplotlib charts"),
        ("matt plotlib charts", "Matplotlib charts"),
        ("stored in post gress", "stored in PostgreSQL"),
        ("our i n p is slow", "our INP is slow"),
        ("open a jupiter notebook", "open a Jupyter notebook"),
    ],
)
def test_what_sounds_like_a_term_is_put_right(said: str, meant: str) -> None:
    assert corrected(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "the call is idempotently safe",
        "I use FastAPI, pandas and Redis with Excel",
        "fast. API keys come next",
        "it was quick, easy to test",
        "my notebook is full",
        "I am sure of it",
        "Kafka's log and HTTPS",
        "the pandas' paws",
        "he was hallucinating again",
        "no idea",
        "it depends",
        "my last job",
        "Mr Pandya and Mrs Numbley met the Kubers at Reddish",
        "",
        "…",
    ],
)
def test_what_is_right_or_no_term_stays(said: str) -> None:
    assert corrected(said) == said


def test_an_answer_in_a_word_or_two_is_likely_a_term() -> None:
    assert corrected("jason") == "JSON"
    assert corrected("num bye") == "NumPy"
    assert corrected("He won by a num, bye.") == "He won by a num, bye."


def test_a_part_of_a_few_words_is_no_likelier_a_term_for_that() -> None:
    corrector = Corrector([Term(term="Dockerfile")])
    assert corrector.correct("as the duck fell").edits == ()
    assert corrector.correct("duck fell").text == "Dockerfile"


@pytest.mark.parametrize("said", ["Samuel unto Ramah,", "CHAPTER XX", "Path of Progress:", "-- Kent"])
def test_a_heading_or_a_rest_of_a_line_is_no_answer_in_a_word_or_two(said: str) -> None:
    assert corrected(said) == said


def test_a_term_nearby_makes_a_doubtful_one_likelier() -> None:
    said = "we validate the call with {} pyan there"
    assert corrected(said.format("the")) == said.format("the")
    assert corrected(said.format("FastAPI and")) == said.format("FastAPI and").replace("pyan", "Pydantic")


def test_what_was_said_before_tells_how_likely_terms_are() -> None:
    weights_of_talk = {"deploy": 1.5, "cluster": 1.5, "tavern": -1.0, "maiden": -1.0}
    corrector = Corrector(
        [Term(term="Kubernetes"), Term(term="JSON", spoken=["jason"])], Field(answers=weights_of_talk)
    )
    said = "we set up coobernets one day"
    everyday = "The maiden left the tavern, and the tavern was sad. " * 3
    question, tale = corrector.talk("How do you deploy a cluster?"), corrector.talk(everyday)
    assert corrector.correct(said, before=question).text == "we set up Kubernetes one day"
    assert corrector.correct(said, before=tale).text == said
    assert (corrector.correct("jason").text, corrector.correct("jason", before=tale).text) == ("JSON", "jason")


def test_of_what_was_said_the_last_counts_most_and_single_words_not_at_all() -> None:
    corrector = Corrector([], Field(answers={"deploy": 1.5, "tavern": -1.0}))
    assert corrector.talk("deploy deploy") == NOTHING_SAID
    whole = corrector.talk("deploy " * REMEMBERED).then(corrector.talk("tavern " * REMEMBERED))
    assert (whole.weight, whole.words) == (0.25 * REMEMBERED, REMEMBERED)
    assert NOTHING_SAID.then(NOTHING_SAID) == NOTHING_SAID


@pytest.mark.parametrize("said", ["see http://example.org/json/pandas", "write to json@fast.api"])
def test_addresses_stay_as_they_are(said: str) -> None:
    assert corrected(said) == said


def test_a_term_of_the_question_is_heard_sooner() -> None:
    said = "then the pyramidic checks the fields"
    assert CORRECTOR.correct(said).text == said
    assert CORRECTOR.correct(said, ["Pydantic"]).text == said.replace("pyramidic", "Pydantic")


@pytest.mark.parametrize("said", ["normalization", "the k-nearest neighbors", "k-nearest neighbours", "Normalizations"])
def test_each_has_their_own_spelling(said: str) -> None:
    assert CORRECTOR.correct(said).edits == ()


def test_talk_of_the_field_makes_a_doubtful_one_likelier() -> None:
    said = "we put a padontic in front of the {}"
    answers = ["the endpoint sends the request to the server and the server answers the request"] * 2_000
    corrector = Corrector([Term(term="Pydantic")], Field(answers=weights(answers)))
    assert "Pydantic" in corrector.correct(said.format("server for each request endpoint")).text
    assert "padontic" in corrector.correct(said.format("garden every lovely morning")).text


def test_a_word_that_the_bank_itself_uses_is_right() -> None:
    said = "we used numbpy arrays for it"
    assert CORRECTOR.correct(said).text == "we used NumPy arrays for it"
    assert Corrector([Term(term="NumPy")], Field(["a numbpy is something else"])).correct(said).text == said
    assert Field(["we modelled it"]).has("Modeled")


def test_what_is_between_the_terms_is_untouched() -> None:
    said = "  Well,\tfast API —\n and num pie;  (kuber netties)!"
    assert corrected(said) == "  Well,\tFastAPI —\n and NumPy;  (Kubernetes)!"


def test_an_edit_says_what_was_heard_where_and_how_it_was_known() -> None:
    assert CORRECTOR.correct("so fast API").edits == (Edit("fast API", "FastAPI", 3, "format"),)


def test_what_is_less_sure_is_offered_and_not_done() -> None:
    done = CORRECTOR.correct("we talked about the pythonics library")
    assert (done.text, done.edits) == ("we talked about the pythonics library", ())
    assert [(edit.heard, edit.term) for edit in done.suggestions] == [("pythonics", "Pydantic")]


def test_of_what_is_doubtful_in_a_short_answer_the_likeliest_is_offered() -> None:
    done = CORRECTOR.correct("we read the cough car log and the pendant frame")
    assert (done.text, len(done.suggestions)) == ("we read the cough car log and the pendant frame", 1)
    long = "we read the cough car log and the pendant frame" + ", and then we went home for the day" * 30
    assert CORRECTOR.correct(long).suggestions == ()


SHORT_AND_LONG = Corrector([Term(term="API"), Term(term="FastAPI"), Term(term="Plotly"), Term(term="Matplotlib")])


@pytest.mark.parametrize("api", ["api", "API"])
def test_a_term_may_be_the_end_of_a_longer_one_that_was_misheard(api: str) -> None:
    unknown = SHORT_AND_LONG.correct(f"we served it with fastt {api} in the end")
    assert (unknown.text, unknown.suggestions) == ("we served it with FastAPI in the end", ())
    said = SHORT_AND_LONG.correct(f"in my last project I used vast {api} quite a lot")
    assert said.text == "in my last project I used vast API quite a lot"
    assert Edit(f"vast {api}", "FastAPI", 26, "sound") in said.suggestions
    assert (
        swapped(said.text, said.text, 26, f"vast {api}", "FastAPI") == "in my last project I used FastAPI quite a lot"
    )


def test_a_term_beside_words_that_are_nothing_alike_stays_itself() -> None:
    done = SHORT_AND_LONG.correct("every old API call was slow")
    assert (done.edits, done.suggestions) == ((), ())


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("that alone is no proof of unequal pay", "equal pay"),
        ("it is only pseudonymised at best", "pseudonymisation"),
        ("so put memo on the row", "memoise"),
    ],
)
def test_an_opposite_and_another_form_are_no_mishearing_of_a_term(said: str, term: str) -> None:
    corrector = Corrector([Term(term=term)], Field(answers={"proof": 1.5}))
    assert corrector.correct(said, [term], Talk(weight=150, words=150)).text == said


def test_a_word_that_looks_like_another_term_does_not_hide_a_longer_one() -> None:
    assert SHORT_AND_LONG.correct("I mostly used map plot libcode").text == "I mostly used Matplotlib"


def test_edits_can_be_made_by_hand() -> None:
    done = CORRECTOR.correct("fast API and num pie")
    assert apply("fast API and num pie", done.edits) == done.text
    assert apply("fast API and num pie", done.edits[1:]) == "fast API and NumPy"


def test_a_correction_is_json() -> None:
    done = CORRECTOR.correct("fast API").as_dict()
    assert json.loads(json.dumps(done)) == {
        "text": "FastAPI",
        "edits": [{"from": "fast API", "to": "FastAPI", "start": 0, "kind": "format"}],
        "suggestions": [],
    }


def test_without_a_glossary_nothing_changes() -> None:
    assert Corrector([]).correct("fast API").text == "fast API"


def test_a_change_has_its_place_in_the_corrected_text() -> None:
    done = CORRECTOR.correct("fast API and num pie with the pythonics library")
    places = [done.text[done.place(edit) :] for edit in (*done.edits, *done.suggestions)]
    assert [place.split()[0] for place in places] == ["FastAPI", "NumPy", "pythonics"]


@pytest.mark.parametrize(
    ("box", "after"),
    [
        ("First Git, then we get Git.", "First Git, then we get get."),
        ("Before. First Git, then we get Git. After.", "Before. First Git, then we get get. After."),
        ("then Git", "then get"),
        ("then GitHub", "then GitHub"),
        ("", ""),
    ],
)
def test_one_word_is_swapped_in_a_box_that_was_edited(box: str, after: str) -> None:
    text = "First Git, then we get Git."
    assert swapped(box, text, text.rindex("Git"), "Git", "get") == after
