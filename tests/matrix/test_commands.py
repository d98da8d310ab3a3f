"""Every command of the services, tried as everybody."""

from collections.abc import Callable

import pytest

from core.engines.base import ServiceError
from tests.matrix.table import COMMANDS, Command
from tests.matrix.world import SIGNED_IN, Asker, World


@pytest.mark.parametrize("asker", SIGNED_IN)
@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command_is_for_those_in_the_table(open_world: Callable[..., World], command: Command, asker: Asker) -> None:
    world = open_world(shared=command.shared)
    try:
        got = bool(command.run(world, world.viewer(asker)))
    except (ValueError, ServiceError):
        got = False
    assert got is (asker in command.allowed)
