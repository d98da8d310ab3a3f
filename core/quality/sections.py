"""A domain's text question by question, so that one can be edited without the other thousands of lines."""

from core.strict_yaml import FileError, parse


def sections_of(text: str) -> dict[str, range]:
    """The lines, counted from 0, of each question by its id; empty for a text that can't be taken apart."""
    try:
        document = parse("", text)
    except FileError:
        return {}
    spans = document.items("questions")
    questions = document.data.get("questions")
    if not spans or not all(isinstance(question, dict) and "id" in question for question in questions or []):
        return {}
    return {str(question["id"]): span for question, span in zip(questions or [], spans, strict=True)}


def section(text: str, lines: range) -> str:
    """Those lines of the text."""
    return "".join(text.splitlines(keepends=True)[lines.start : lines.stop])


def with_section(text: str, lines: range, edited: str) -> str:
    """The text with others in the place of those lines."""
    whole = text.splitlines(keepends=True)
    whole[lines.start : lines.stop] = [edited if edited.endswith("\n") else f"{edited}\n"] if edited.strip() else []
    return "".join(whole)
