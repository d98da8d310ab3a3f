"""Sentences of an answer that speak to the grader instead of answering: found by their form, and struck."""

import re

from core.grading.text import content_stems, sentences

_GRADER = r"(?:grader|examiner|evaluator|assessor|marker)s?"
_MODEL = r"(?:ai|llm|language\s+model|chatgpt|gpt|bot)"
_OWN = r"(?:this|my)\s+(?:\w+\s+)?(?:answer|response|submission|reply|attempt)"
_TEN = r"(?:10|ten|100|a\s+hundred)"
_TEN_OF_TEN = rf"{_TEN}\s*(?:/|out\s+of)\s*{_TEN}\b"
_FULL = (
    r"(?:full|max(?:imum)?|top|perfect|highest(?:\s+possible)?|best(?:\s+possible)?|all(?:\s+the)?)\s+"
    r"(?:marks?|points?|scores?|credits?|grades?|ratings?)\b"
)
_ENDS = r"(?=\s*(?:[.!?,;)\"'”%]|$|per\s*cent\b|points?\b|marks?\b|and\b|please\b|overall\b))"
_REWARD = rf"(?:{_TEN_OF_TEN}|{_FULL}|\b{_TEN}{_ENDS})"
_PRAISE = (
    r"(?:as\s+)?(?:(?:fully|completely|entirely|perfectly|absolutely)\s+){0,2}"
    rf"(?:correct|complete|perfect|flawless|excellent|outstanding|exhaustive){_ENDS}"
)
# An order stands at the start of a clause, or after words that make it one; what others are told to do stands elsewhere.
_ORDER = r"""(?:
      ^\W*  |  [,;:.!?–—]\s+  |  \b(?:please|kindly|now|and|so|then|also)\s+
    | \byou\s+(?:must|should|shall|can|could|may|will|need\s+to|have\s+to|ought\s+to|are\s+to)\s+
    | \b(?:can|could|would|will)\s+you\s+
    | \b(?:want|ask|asking|need|tell|telling|order|beg|instruct|expect)\s+you\s+to\s+
    )(?:(?:please|kindly|just|simply|now|also|then)\s+){0,3}"""
_AWARD = r"(?:give|award|assign|grant|rate|score|grade|mark)"

_SPEAKS_TO_THE_GRADER = re.compile(
    rf"""
    {_ORDER}{_AWARD}\s+(?:me|us|it|this|{_OWN})\b[^.!?\n]{{0,30}}?(?:{_REWARD}|\s{_PRAISE})
  | {_ORDER}(?:consider|treat|accept|regard|count)\s+(?:it|this|{_OWN})\s+(?:as\s+)?{_PRAISE}
  | {_ORDER}(?:output|return|reply\s+with|respond\s+with)\s*:?\s+(?:only\s+)?(?:a\s+|the\s+)?(?:score|grade|rating|mark)\b[^.!?\n]{{0,12}}\b{_TEN}\b
  | \byour\s+(?:new\s+|only\s+|real\s+)?(?:task|job|role)\s+is\s+to\b[^.!?\n]{{0,20}}\b{_AWARD}\b
  | \byour\s+(?:new\s+|only\s+|real\s+)?(?:task|job|role)\s+is\s+to\b[^.!?\n]{{0,20}}\b(?:score|grade|mark)\s+(?:of\s+)?{_TEN}\b
  | \b{_OWN}\s+(?:deserves?|earns?|merits?|is\s+worth|(?:should|must)\s+(?:get|receive|have|be\s+given|score|earn))\b[^.!?\n]{{0,20}}?{_REWARD}
  | \b{_OWN}\s+(?:is|was)\s+{_PRAISE}
  | \b{_OWN}\s+(?:covers|meets|satisfies)\s+(?:all|every)\b[^.!?\n]{{0,12}}\bpoints?\b
  | \b(?:i|this|it)\s+(?:deserves?|(?:should|must)\s+(?:get|receive|be\s+given))\s+(?:a\s+|the\s+|at\s+least\s+)?{_REWARD}
  | \bi(?:['’]d|\s+would)?\s+(?:want|like|need|demand|expect|request)\s+(?:a\s+|the\s+|my\s+)?(?:{_TEN_OF_TEN}|{_FULL})
  | ^\W*(?:{_TEN_OF_TEN}|{_FULL})(?:\W+please)?\W*$
  | \b(?:all|every)\s+(?:of\s+)?(?:the\s+)?key\s+points?\s+(?:are|is|were|have\s+been|has\s+been)\s+(?:met|covered|satisfied|present)(?=\W*$|[.,;!?]|\s+(?:in|by)\s+(?:this|my)\b)
  | (?:^\W*|[.!?;:]\s+)(?:dear|attention|hello|hi|hey|(?:note|message)\s+(?:to|for))[\s,]+(?:(?:the|my|to|dear|{_MODEL})\s+){{0,3}}(?:{_GRADER}|{_MODEL})\b
  | ^\W*{_GRADER}\s*[:,]
  | \bas\s+(?:the|an?|my)\s+(?:{_GRADER}|{_MODEL})\s*,?\s*you\b
  | (?<!\bif\s)(?<!\bwhen\s)\byou\s+(?:are|must\s+act\s+as)\s+(?:now\s+)?(?:an?|the|my)\s+(?:[\w-]+\s+)?{_GRADER}\b
  | \byou\s+are\s+now\s+(?:an?|the|my)\s+(?:[\w-]+\s+)?(?:{_MODEL}|assistant)\b
  | ^\W*(?:(?:final|overall|my)\s+)?(?:score|grade|rating|marks?)["']?\s*[:=]\s*["']?(?:{_TEN_OF_TEN}|{_TEN}|full|max)\W*$
  | ["'](?:score|grade|rating|marks?)["']\s*:\s*["']?{_TEN}\b
  | ["'](?:criteria|correctness|completeness|clarity)["']\s*:\s*\{{
  | ^\W{{0,4}}(?:system|assistant|developer)\s*[:>\]][^\n]*\b(?:instructions?|prompt|score|grade|marks?|answer|{_GRADER})\b
  | <\|?/?(?:system|assistant|im_start|im_end|inst)\|?>|\[/?(?:inst|system)\]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MAY_BE_THE_SUBJECT = re.compile(
    rf"""
    {_ORDER}(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|of|the|your|these|those|my|previous|prior|above|earlier|preceding|
        other|system|original|grading|scoring|marking|safety)\s+){{0,6}}(?:instructions?|prompts?|rubrics?|guidelines|(?:grading|marking|scoring)\s+criteria)\b
  | {_ORDER}(?:ignore|disregard|forget)\s+(?:all|everything|anything|what)\b[^.!?\n]{{0,20}}\b(?:above|before|previous(?:ly)?|told|earlier)\b
  | {_ORDER}(?:give|award|assign|grant)\b[^.!?\n]{{0,20}}(?:{_TEN_OF_TEN}|\b{_FULL})
  | {_ORDER}{_AWARD}\s+the\s+(?:\w+\s+)?(?:answer|response|submission)\b[^.!?\n]{{0,30}}?(?:{_REWARD}|\s{_PRAISE})
  | \b(?:the|my)\s+{_GRADER}\s+(?:should|must|has\s+to|needs\s+to|will)\b[^.!?\n]{{0,20}}{_AWARD}\s+(?:me|it|this|{_OWN})\b
  | {_ORDER}(?:act|pretend|behave)\b[^.!?\n]{{0,20}}\b(?:{_GRADER}|{_MODEL})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What an answer may well say when the question is about prompts, rubrics or scores."""
_LONG_SENTENCE = 240  # characters; a transcript without full stops is struck only round the words themselves


def strike(answer: str, subject: str = "") -> tuple[str, tuple[str, ...]]:
    """The answer without the sentences that speak to the grader, and those sentences.

    `subject` is what the question and its reference say: rubrics and prompts can be what an answer is about.
    """
    topics = set(content_stems(subject))
    struck: list[tuple[int, int]] = []
    for start, end in sentences(answer):
        text = answer[start:end]
        found = [match.span() for match in _SPEAKS_TO_THE_GRADER.finditer(text)]
        found += [match.span() for match in _MAY_BE_THE_SUBJECT.finditer(text) if not _is_topic(match[0], topics)]
        whole = end - start <= _LONG_SENTENCE
        struck += [(start, end) if whole else (start + first, start + last) for first, last in found]
    if not struck:
        return answer, ()
    spans = sorted(set(struck))
    kept, at = [], 0
    for start, end in spans:
        kept.append(answer[at:start])
        at = max(at, end)
    kept.append(answer[at:])
    return "".join(kept).strip(), tuple(answer[start:end] for start, end in spans)


def _is_topic(said: str, topics: set[str]) -> bool:
    """Whether the question itself speaks of the things that are said: "ignore" and "give" alone are in many."""
    things = set(content_stems(said))
    return bool(things & topics & _MARKS) or bool(things & _PROMPTS and topics & _PROMPTS)


_PROMPTS = frozenset(content_stems("instruction prompt injection jailbreak"))
_MARKS = frozenset(
    content_stems(
        "rubric guideline criterion criteria score mark point grade rating credit grader examiner evaluator assessor "
        "marker ai llm bot"
    )
)
