"""Which of the fonts that we ship can show which letters."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

MAIN = "NotoSans"
UNSHOWN = "\ufffd"
"""Stands for each letter that no font of ours has."""

_INVISIBLE = {
    *map(chr, range(0x20)),
    "\x7f",
    *map(chr, range(0x80, 0xA0)),
    *"\u200b\u200c\u200d\u200e\u200f\u2060\ufeff",
}
_INVISIBLE |= {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), *map(chr, range(0xFE00, 0xFE10))}
_JOINERS = "\u200c\u200d"
"""Without width themselves, but they decide on the shape of letters of some scripts, and make one emoji of two."""


@cache
def font_files() -> dict[str, Path]:
    """The files by font, the main one first."""
    folder = Path(str(files("manimgx_fonts")))
    found = {path.name.partition("[")[0]: path for path in sorted(folder.glob("Noto*.ttf"))}
    upright = [name for name in found if not name.endswith("-Italic") and name != MAIN]
    return {name: found[name] for name in (MAIN, *upright)}


@cache
def _letters() -> dict[str, str]:
    """Which font shows a letter: the first that has it."""
    shown: dict[str, str] = {}
    for name, path in font_files().items():
        with TTFont(path, lazy=True) as font:
            for code in font.getBestCmap():
                shown.setdefault(chr(code), name)
    return shown


def showable(text: str) -> tuple[str, bool]:
    """The text with a sign for each letter that can't be shown, and whether there is any; what is invisible is left out."""
    known = _letters()
    kept = [letter for letter in text.expandtabs(4) if letter not in _INVISIBLE or letter in _JOINERS or letter == "\n"]
    shown = [letter if letter in known or letter in _JOINERS or letter.isspace() else UNSHOWN for letter in kept]
    return "".join(shown), shown != kept


def fonts_for(text: str) -> set[str]:
    """The fonts that this text needs beside the main one."""
    known = _letters()
    return {known[letter] for letter in set(text) if letter in known} - {MAIN}


def needs_shaping(text: str) -> bool:
    """Whether letters join, stack or run from right to left in it: all scripts from Hebrew on, and emoji."""
    return any(0x0590 <= ord(letter) < 0x1E00 or ord(letter) >= 0x2E80 or letter in _JOINERS for letter in text)
