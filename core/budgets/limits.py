"""How much may be used, and the sentence for when it is used up; pure."""

from dataclasses import asdict, dataclass

from core.engines.metering import Usage


@dataclass(frozen=True, slots=True)
class Limit:
    """Calls, tokens (read and written) and seconds of audio; 0 lets nothing through."""

    calls: int
    tokens: int
    seconds: int

    def spent_on(self, used: Usage, *, audio: bool) -> str | None:
        """What is used up, in words, for a call that needs audio or not; None while there is something of everything left."""
        if used.calls >= self.calls:
            return "calls to the model"
        if audio:
            return "speech recognition" if used.seconds >= self.seconds else None
        return "tokens of the model" if used.tokens_in + used.tokens_out >= self.tokens else None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person may use in a day, and a programme in a month, both by UTC."""

    day: Limit
    month: Limit


@dataclass(frozen=True, slots=True)
class Given:
    """What an administrator set for a programme; None where Viva's settings hold."""

    day_calls: int | None = None
    day_tokens: int | None = None
    day_seconds: int | None = None
    month_calls: int | None = None
    month_tokens: int | None = None
    month_seconds: int | None = None

    def over(self, defaults: Limits) -> Limits:
        """The limits that hold."""
        own = {name: number for name, number in asdict(self).items() if number is not None}

        def limit(span: str, default: Limit) -> Limit:
            fields = {name: own.get(f"{span}_{name}", number) for name, number in asdict(default).items()}
            return Limit(**fields)

        return Limits(limit("day", defaults.day), limit("month", defaults.month))


def of_day(what: str) -> str:
    """The sentence for a person whose day is spent."""
    return f"Your budget of {what} for today is spent; it is new at midnight UTC. {_meanwhile(what)}"


def of_month(what: str, *, own: bool) -> str:
    """The sentence for whoever works in a programme whose month is spent; `own` when there is such a programme."""
    whose = "Your programme's" if own else "The"
    return f"{whose} budget of {what} for this month is spent; an administrator can raise it. {_meanwhile(what)}"


def _meanwhile(what: str) -> str:
    return "Please type your answer." if what == "speech recognition" else "What you answered is kept."
