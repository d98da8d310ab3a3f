"""What was used, in money, at the prices that are set; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.engines.metering import Usage


@dataclass(frozen=True, slots=True)
class Price:
    """Of a million tokens read, and of a million written."""

    read: float
    written: float


@dataclass(frozen=True, slots=True)
class Prices:
    """What the interviewer's and the grader's model cost, and a minute of audio."""

    chat: Price
    grade: Price
    audio_minute: float
    currency: str

    def cost(self, used: Mapping[str, Usage]) -> float | None:
        """What calls of these kinds cost; None where no price is set."""
        if not any((self.chat.read, self.chat.written, self.grade.read, self.grade.written, self.audio_minute)):
            return None
        return sum(self._of(kind, usage) for kind, usage in used.items())

    def _of(self, kind: str, used: Usage) -> float:
        price = self.grade if kind in ("grade", "bench") else self.chat
        tokens = used.tokens_in * price.read + used.tokens_out * price.written
        if kind == "transcribe":  # billed by the minute, whatever tokens the server counts
            tokens = 0
        return tokens / 1e6 + used.seconds / 60 * self.audio_minute
