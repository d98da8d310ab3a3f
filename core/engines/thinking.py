"""Keep back what a reasoning model thinks aloud in its text."""

OPEN, CLOSE = "<think>", "</think>"


class ThoughtFilter:
    """Drops every <think>…</think> from a text that comes in pieces; a tag may be cut anywhere."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False

    def feed(self, piece: str) -> str:
        """What may be shown now; the beginning of a possible tag is held back."""
        self._held += piece
        shown = ""
        while True:
            tag = CLOSE if self._thinking else OPEN
            before, found, after = self._held.partition(tag)
            if not found:
                break
            shown += "" if self._thinking else before
            self._held, self._thinking = after, not self._thinking
        kept = _overlap(self._held, tag)
        settled, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return shown + ("" if self._thinking else settled)

    def close(self) -> str:
        """What was held back and turned out to be no tag."""
        rest, self._held = self._held, ""
        return "" if self._thinking else rest


def without_thoughts(text: str) -> str:
    """A whole text without what was only thought."""
    thoughts = ThoughtFilter()
    return thoughts.feed(text) + thoughts.close()


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of the text may be the beginning of the tag."""
    return next((size for size in range(min(len(text), len(tag) - 1), 0, -1) if text.endswith(tag[:size])), 0)
