"""A report as Markdown, in which nothing that was said can pass for markup."""

import re

from core.reports.blocks import Block, Kind, blocks
from core.reports.document import Document

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~!$&])|^(\s*)([-+=]+|\d+[.)])(?=\s|$)", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def as_markdown(document: Document) -> str:
    """The whole report as CommonMark text."""
    parts: list[str] = []
    items = False
    for block in blocks(document):
        is_item = block.kind is Kind.ITEM
        parts.append(("" if items and is_item else "\n") + _shown(block))
        items = is_item
    return "\n".join(parts).lstrip("\n") + "\n"


def _shown(block: Block) -> str:
    text = escaped(block.text)
    label = f"**{escaped(block.label)}.** " if block.label else ""
    match block.kind:
        case Kind.TITLE:
            return f"# {text}"
        case Kind.HEADING | Kind.ANSWER_HEADING:
            return f"## {text}"
        case Kind.QUESTION | Kind.ANSWER:
            who = "**Question.**" if block.kind is Kind.QUESTION else "**Answer.**"
            return f"{who}\n\n" + "\n".join(f"> {line}".rstrip() for line in text.splitlines())
        case Kind.ITEM:
            return f"- {label}" + " ".join(text.split())
        case Kind.NOTE | Kind.TEXT:
            return label + text


def escaped(text: str) -> str:
    """The text such that Markdown shows it letter for letter."""
    text = _INDENT.sub(lambda found: "\u00a0" * len(found[0].expandtabs(4)), text)  # four spaces would begin code
    return _MARKUP.sub(lambda found: f"\\{found[1]}" if found[1] else _line_start(found[2], found[3]), text)


def _line_start(space: str, mark: str) -> str:
    """What would begin a list or underline a heading, made plain."""
    return f"{space}{mark[:-1]}\\{mark[-1]}"
