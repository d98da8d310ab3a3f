"""Are misheard terms put right, and is ordinary English left alone? The shipped glossaries on what people corrected.

`asr_confusions_dev.csv` is what a recogniser wrote and what was meant. Terms that no shipped glossary has are added with
no spoken form, which is harder than what an author would write. The halves (by a hash of the term) show how far the
figure hangs on a few terms.
"""

import csv
import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from core.config import ROOT
from core.domains import Domain, Term, load_all
from core.speech.correctors import answer_weights, corrector_for
from core.speech.field import NOTHING_SAID, Field, texts_of
from core.speech.terms import Correction, Corrector
from tests.bench._table import data_file, line

GLOSSARIES = {
    "software": ("full_stack",),
    "data_science": ("data_science",),
    "data_engineering": ("data_science", "full_stack"),
    "cloud_devops": ("full_stack",),
}
CARRIERS = {
    "in a sentence": (
        "in my last project I used {} quite a lot",
        "my team moved from our old system to {} last year",
        "the first thing I check is whether {} is set up properly",
        "we picked {} over the alternatives because of the price",
        "{} was new to me when I joined the team",
        "I mostly worked with {} and some scripts",
    ),
    "alone": ("{}",),
}
WORDS_IN_A_TEXT = 300
WORDS_READ, BY_LINE = 150_000, 3
"""Of a longer text every second, third … piece is read, and every BY_LINE-th of those line by line, so that this takes minutes."""
PHRASES = 10
"""Of short phrases every tenth is read."""
JARGON = "ascii-art computers debian definitions knghtbrd linux linuxcookie paradoxum perl".split()


@dataclass(frozen=True, slots=True)
class Confusion:
    heard: str
    term: str
    domain: str
    times: int

    @property
    def in_first_half(self) -> bool:
        return int(hashlib.sha256(self.term.encode()).hexdigest(), 16) % 2 == 0

    @property
    def is_format(self) -> bool:
        return re.sub(r"\W", "", self.heard).casefold() == re.sub(r"\W", "", self.term).casefold()


def main() -> bool:
    """Print the tables; True when every bound holds."""
    domains = load_all(ROOT / "prompts" / "domains").domains
    told = answer_weights(domains.values())
    correctors = {key: corrector_for(domain, told) for key, domain in domains.items()}
    glossaries = {key: domain.glossary for key, domain in domains.items()}
    answers = {key: list(_answers(key)) for key in correctors}
    good = True
    if path := data_file("asr_confusions_dev.csv"):
        good &= _confusions(_read(path), domains, told)
    good &= _format_repairs(glossaries, correctors)
    for name, text, bound in _ordinary_texts():
        pieces = list(_pieces(text))
        pieces = pieces[:: 1 + len(pieces) * WORDS_IN_A_TEXT // WORDS_READ]
        for how, edits, read in (
            ("in pieces", _in_pieces, pieces),
            ("line by line", _line_by_line, pieces[::BY_LINE]),
        ):
            words = sum(len(piece.split()) for piece in read)
            wrong = sum(edits(corrector, read) for corrector in correctors.values())
            share = wrong / words / len(correctors) * 100_000
            good &= line(f"edits per 100,000 words, {name} {how}, {words:,} words", share, bound, digits=2)
        phrases = _phrases(text)
        changed = sum(bool(corrector.correct(phrase).edits) for phrase in phrases for corrector in correctors.values())
        share = 100 * changed / len(phrases) / len(correctors)
        good &= line(
            f"phrases changed, of {len(phrases):,} of two to four words, {name}", share, 1, unit=" %", digits=2
        )
    sounds = sum(
        edit.kind == "sound"
        for key, texts in answers.items()
        for text in texts
        for edit in correctors[key].correct(text).edits
    )
    words = sum(len(text.split()) for texts in answers.values() for text in texts)
    good &= line(
        f"edits by sound per 100,000 words of the banks' own answers, {words:,}", sounds / words * 1e5, 15, digits=2
    )
    return good & _speed(correctors, answers)


def _in_pieces(corrector: Corrector, pieces: list[str]) -> int:
    return sum(len(corrector.correct(piece).edits) for piece in pieces)


def _line_by_line(corrector: Corrector, pieces: list[str]) -> int:
    """As `core.cli terms` reads a text."""
    edits, said = 0, NOTHING_SAID
    for text in (text for piece in pieces for text in piece.splitlines()):
        edits += len(corrector.correct(text, before=said).edits)
        said = said.then(corrector.talk(text))
    return edits


def _read(path: Path) -> list[Confusion]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Confusion(row["heard_as"], row["intended_term"], row["domain"], _times(row["source"]))
            for row in csv.DictReader(file)
        ]


def _times(source: str) -> int:
    found = re.search(r"fix x(\d+)", source)
    return int(found[1]) if found else 1


def _confusions(confusions: list[Confusion], domains: dict[str, Domain], told: Mapping[str, float]) -> bool:
    glossaries = {key: domain.glossary for key, domain in domains.items()}
    correctors = {
        name: Corrector(
            _with(name, confusions, glossaries), Field((t for key in keys for t in texts_of(domains[key])), told)
        )
        for name, keys in GLOSSARIES.items()
    }
    spelled = {term.term.casefold(): term.term for name in GLOSSARIES for term in _with(name, confusions, glossaries)}
    confusions = [replace(c, term=spelled[c.term.casefold()]) for c in confusions]  # as the glossaries write it
    good = True
    for place, carriers in CARRIERS.items():
        for part, chosen in (
            ("first half of the terms", [c for c in confusions if c.in_first_half]),
            ("second half", [c for c in confusions if not c.in_first_half]),
            ("all", confusions),
        ):
            done = [(c, correctors[c.domain].correct(text.format(c.heard))) for c in chosen for text in carriers]
            restored = [c for c, correction in done if _has(correction.text, c.term)]
            offered = [c for c, correction in done if _has(correction.text, c.term) or _offers(correction, c.term)]
            times = sum(c.times for c, _ in done)
            weighted = f"{sum(c.times for c in restored) / times:.3f} and {sum(c.times for c in offered) / times:.3f}"
            print(f"   {place}, {part}: {len(chosen)} confusions; by how often each was corrected: {weighted}")
            good &= line("      restored", len(restored) / len(done), 0.65, at_least=True)
            good &= line("      with suggestions", len(offered) / len(done), 0.75, at_least=True)
    carrier = CARRIERS["in a sentence"][0]
    question = next(iter(domains["full_stack"].questions)).text
    asked = [
        correctors[c.domain].correct(carrier.format(c.heard), [c.term], correctors[c.domain].talk(question))
        for c in confusions
    ]
    known = sum(_has(done.text, c.term) for done, c in zip(asked, confusions, strict=True))
    print(f"   in the first sentence, where the question names the term: restored {known / len(confusions):.3f}")
    return good


def _with(domain: str, confusions: list[Confusion], glossaries: dict[str, list[Term]]) -> list[Term]:
    """The shipped terms, and those of the data that none of them covers."""
    terms = {term.term.casefold(): term for key in GLOSSARIES[domain] for term in glossaries.get(key, [])}
    for confusion in confusions:
        if confusion.domain == domain:
            terms.setdefault(confusion.term.casefold(), Term(term=confusion.term))
    return list(terms.values())


def _has(text: str, term: str) -> bool:
    return (
        re.search(rf"(?<![a-z]){re.escape(term)}s?(?![a-z])", text, re.IGNORECASE if term.islower() else 0) is not None
    )


def _offers(correction: Correction, term: str) -> bool:
    return any(edit.term.casefold().rstrip("s") == term.casefold().rstrip("s") for edit in correction.suggestions)


def _format_repairs(glossaries: dict[str, list[Term]], correctors: dict[str, Corrector]) -> bool:
    """Every shipped term in capitals of its own or with signs, as a recogniser writes it that doesn't know it."""
    done = right = 0
    for key, glossary in glossaries.items():
        for term in glossary:
            apart = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+", term.term)).lower()
            if apart in (term.term, term.term.lower()) or not re.fullmatch(r"[\w\s./–-]+", term.term):
                continue
            done += 1
            right += _has(correctors[key].correct(f"so we chose {apart} for the new system").text, term.term)
    return line(f"format repairs of the shipped terms, of {done}", right / done, 0.95, at_least=True)


def _ordinary_texts() -> Iterator[tuple[str, str, float]]:
    """(name, text, bound) of large plain texts that are there: VIVA_BENCH_TEXT, Debian's Bible, Debian's fortunes."""
    if own := os.environ.get("VIVA_BENCH_TEXT"):
        yield Path(own).name, Path(own).read_text(encoding="utf-8", errors="replace"), 1.0
    if program := shutil.which("bible"):
        verses = subprocess.run([program, "gen1:1-rev22:21"], capture_output=True, text=True, check=True).stdout
        yield "King James Bible", re.sub(r"^\S*\d+:\d+\s*", "", verses, flags=re.MULTILINE), 1.0
    folder = Path("/usr/share/games/fortunes")
    files = [path for path in sorted(folder.glob("*")) if not path.suffix and path.name not in JARGON]
    if files:  # jokes, songs and talk, typed by hand: slips, dialect and made-up words are many
        yield "fortunes", "\n\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files), 1.0
    if not (own or shutil.which("bible") or files):
        print("   no large plain text (VIVA_BENCH_TEXT, or Debian's bible-kjv and fortunes): left out")


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of about the length of an answer, each of whole lines."""
    piece: list[str] = []
    words = 0
    for text_line in text.splitlines():
        piece.append(text_line)
        words += len(text_line.split())
        if words >= WORDS_IN_A_TEXT:
            yield "\n".join(piece)
            piece, words = [], 0
    yield "\n".join(piece)


def _phrases(text: str) -> list[str]:
    """Some of what stands between two signs and has two to four words in small letters: each as an answer of its own."""
    found = {part.strip() for text_line in text.splitlines() for part in re.split(r"[.,;:!?\"()-]", text_line)}
    return sorted(part for part in found if re.fullmatch(r"[a-z']+(?: [a-z']+){1,3}", part))[::PHRASES]


def _answers(key: str) -> Iterator[str]:
    domain = load_all(ROOT / "prompts" / "domains").domains[key]
    for question in domain.questions:
        yield question.model_answer
        if question.answers:
            yield from question.answers.model_dump().values()


def _speed(correctors: dict[str, Corrector], answers: dict[str, list[str]]) -> bool:
    """The median time for 300 words of the domain's own answers, which are fuller of terms than anything else."""
    times = []
    for key, texts in answers.items():
        words = " ".join(texts).split()
        for at in range(0, min(len(words), 6000) - WORDS_IN_A_TEXT, WORDS_IN_A_TEXT):
            text = " ".join(words[at : at + WORDS_IN_A_TEXT])
            began = time.process_time()
            correctors[key].correct(text)
            times.append(time.process_time() - began)
    return line(
        "processor time for a 300-word answer, median", sorted(times)[len(times) // 2] * 1000, 15, unit=" ms", digits=1
    )
