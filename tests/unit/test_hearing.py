"""From a recording to text: what the recogniser is told, what becomes of what it wrote, and what is refused."""

from pathlib import Path

import numpy as np
import pytest

from core.domains import DomainStore
from core.engines.base import Fault, ServiceError
from core.engines.scripted import ScriptedTranscriber
from core.speech.hints import hints_for
from core.speech.transcription import Heard, Speech
from tests.hall import DOMAINS
from tests.unit.test_audio import noise, tone, wav

TEA = DomainStore(DOMAINS).catalogue().domains["tiny"]


def hear(script: ScriptedTranscriber, *, force: bool = False, domains: Path = DOMAINS, silent: bool = False) -> Heard:
    pause = noise(1.0, 0.0005)
    data = wav(pause if silent else np.concatenate([pause, tone(1.0), pause]))
    return Speech(script, DomainStore(domains)).hear(
        data,
        "a.wav",
        domain="tiny",
        question="Which tea is it?",
        question_id="tea-brew-heat",
        skill="brewing",
        force=force,
    )


def terms(asked: str, question_id: str | None = None, skill: str = "") -> tuple[str, ...]:
    return hints_for(TEA, asked, question_id, skill, "en").terms


def test_terms_rank_by_weight_where_nothing_else_is_known() -> None:
    assert terms("Which tea is it?") == ("Lapsang Souchong", "oolong", "gaiwan")


def test_terms_of_the_skill_come_before_heavier_ones() -> None:
    assert terms("Which tea is it?", skill="serving")[0] == "gaiwan"


def test_a_term_in_the_rubric_comes_before_those_of_the_skill() -> None:
    question = TEA.questions[0].model_copy(update={"model_answer": "Brew it in a gaiwan.", "id": "other"})
    domain = TEA.model_copy(update={"questions": [question]})
    assert hints_for(domain, "Which tea?", "other", "brewing", "").terms[0] == "gaiwan"


def test_a_term_in_the_question_comes_first() -> None:
    assert terms("What is a gaiwan?", "tea-brew-heat", "brewing")[0] == "gaiwan"


def test_a_part_of_a_word_is_no_term_in_the_question() -> None:
    assert terms("What are gaiwanesque cups?")[0] == "Lapsang Souchong"


def test_terms_are_put_right_and_the_raw_text_is_kept() -> None:
    heard = hear(ScriptedTranscriber(["I like lap sang soo chong."]))
    assert (heard.raw, heard.text) == ("I like lap sang soo chong.", "I like Lapsang Souchong.")
    assert [(edit.heard, edit.term) for edit in heard.done.edits] == [("lap sang soo chong", "Lapsang Souchong")]


def test_an_unknown_domain_costs_the_aid_and_not_the_text(tmp_path: Path) -> None:
    script = ScriptedTranscriber(["I like lap sang soo chong."])
    assert hear(script, domains=tmp_path).text == "I like lap sang soo chong."
    assert script.calls[0][1].terms == ()


def test_the_glossary_coming_back_is_asked_again_without_it() -> None:
    script = ScriptedTranscriber(
        ["gaiwan, oolong, Lapsang Souchong, gaiwan, oolong, Lapsang Souchong", "I warm the pot."]
    )
    assert hear(script).text == "I warm the pot."
    assert [bool(hints.terms) for _, hints in script.calls] == [True, False]


def test_a_loop_is_cut_and_stays_in_the_raw_text() -> None:
    heard = hear(ScriptedTranscriber(["I warm the pot " * 8]))
    assert heard.text == "I warm the pot"
    assert heard.raw.count("pot") == 8


def test_silence_is_not_sent() -> None:
    script = ScriptedTranscriber([])
    with pytest.raises(ServiceError) as caught:
        hear(script, silent=True)
    assert (caught.value.kind, script.calls) == (Fault.SILENCE, [])


def test_words_written_of_silence_are_refused_and_taken_when_sent_anyway() -> None:
    with pytest.raises(ServiceError) as caught:
        hear(ScriptedTranscriber(["Thanks for watching!"]))
    assert caught.value.kind is Fault.SILENCE
    assert hear(ScriptedTranscriber(["Thanks for watching!"]), force=True).text == "Thanks for watching!"


def test_an_edited_glossary_is_used_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text((DOMAINS / "tiny.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    store = DomainStore(tmp_path)
    speech = Speech(ScriptedTranscriber(["a rooibosh cup", "a rooibosh cup"]), store)

    def said() -> str:
        return speech.hear(wav(tone(0.5)), "a.wav", domain="tiny", question="", force=True).text

    assert said() == "a rooibosh cup"
    path.write_text(path.read_text(encoding="utf-8") + "  - term: rooibos\n    spoken: [rooibosh]\n", encoding="utf-8")
    assert said() == "a rooibos cup"
