"""Words that somebody else chose, made harmless before Streamlit reads them as Markdown."""

import re
import unicodedata
from collections.abc import Callable

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/^=])")
_DIRECTION_AND_ZERO_WIDTH = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_REFERENCE = re.compile(r"(?m)^(\s*)\[([^\]\n]+)\]:")
_DIRECTIVE = re.compile(r":(?=[\w\[{:/+]|-\d)|(?<=[\w\]}:/+]):")
_AUTOLINK = re.compile(r"(?i)(https?\\*:|ftp\\*:|mailto\\*:|javascript\\*:|data\\*:|www)(?=[./\\\w])")
_ADDRESS = re.compile(r"(?<=[-.\w+\\]@)(?=[-\w])")
_SHORTCODE = re.compile(r":(?=[a-zA-Z_+-][\w/+-]*:)")
_JOINER = "\u2060"
"""Invisible; it parts what would become a link or a picture where Streamlit looks when escapes have been read already."""

# Code is left as it is, so these must not see code where Markdown sees none. A fence counts at the margin only (in a
# list it would end with the list), all others are taken apart; a span counts on one line and without | (tables are
# cut before spans are read).
_FENCE = re.compile(r"(?ms)^(?:(`{3,})(?!`)[^`\n]*|(~{3,})(?!~)[^\n]*)\n(?:.*?^ {0,3}(?:\1`*|\2~*)[ \t]*$|.*\Z)")
_OTHER_FENCE = re.compile(r"`{3,}|~{3,}")
_SPAN = re.compile(r"(?<!`)(`{1,2})(?!`)[^\n|]+?(?<!`)\1(?!`)")


def plain(text: object, limit: int = 200) -> str:
    """A name or title for any Streamlit label or Markdown: shown letter for letter, on one line."""
    line = " ".join(unicodedata.normalize("NFC", str(text)).split())
    line = "".join(letter for letter in line if not _is_control(letter))
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", _parted(line))


def model_text(text: str, limit: int = 20_000) -> str:
    """A model's or a person's longer text: lists, emphasis and code stay; images, links, HTML and formulas don't.

    Images would be fetched by the browser, and with them data could leave.
    """
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    text = _DIRECTION_AND_ZERO_WIDTH.sub("", text).replace("\\`", "`")
    return _outside(_FENCE, text, lambda prose: _outside(_SPAN, prose, _disarmed))


def _outside(code: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """The text with `change` made wherever `code` doesn't match."""
    parts, end = [], 0
    for found in code.finditer(text):
        parts += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(text[end:])])


def _disarmed(prose: str) -> str:
    prose = _OTHER_FENCE.sub(lambda found: "".join(f"\\{mark}" for mark in found[0]), prose)
    prose = prose.replace("&", "&amp;").replace("<", "&lt;").replace("$", "\\$")
    prose = prose.replace("![", "!\\[").replace("](", "]\\(").replace("][", "]\\[")
    prose = _REFERENCE.sub(r"\1\\[\2]:", prose)
    prose = _ADDRESS.sub(_JOINER, _parted(prose))
    return _DIRECTIVE.sub(r"\\:", prose)


def _parted(text: str) -> str:
    """The text with web addresses that are no links and shortcodes that are no pictures.

    An e-mail address stays as it is: a person's can be copied.
    """
    return _SHORTCODE.sub(f":{_JOINER}", _AUTOLINK.sub(rf"\1{_JOINER}", text))


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter).startswith("C") and letter not in "\u200c\u200d"
