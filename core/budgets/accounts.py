"""Who a call to a model is charged to: set where the work begins, asked where the call is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from core.storage.usage_tables import NO_PROGRAMME


@dataclass(frozen=True, slots=True)
class Account:
    """A person and a programme; without a person for Viva's own work, such as the rubric bench."""

    person_id: int | None
    programme_id: int


HOUSE = Account(None, NO_PROGRAMME)
_account: ContextVar[Callable[[], Account]] = ContextVar("account", default=lambda: HOUSE)


def charged() -> Account:
    """The account of the work in hand: Viva's own, unless it was begun within charging."""
    return _account.get()()


@contextmanager
def charging(account: Callable[[], Account]) -> Iterator[None]:
    """Charges calls in this thread meanwhile to this account, which is looked up only if there is one."""
    token = _account.set(account)
    try:
        yield
    finally:
        _account.reset(token)
