"""Who may do what."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    LEARNER = "learner"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person of this rerun, read from the database at its start."""

    id: int
    public_id: str
    email: str
    name: str
    role: Role
    is_sample: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
