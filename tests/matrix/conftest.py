"""A fresh copy of the world for each test: it is furnished once, and copied."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.matrix.world import World, furnish, open_services


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The folder of a furnished world, whose services are stopped."""
    folder = tmp_path_factory.mktemp("template")
    world = furnish(folder)
    world.services.stop()
    return folder, world


@pytest.fixture
def open_world(template: tuple[Path, World], tmp_path: Path) -> Iterator[Callable[..., World]]:
    """`open_world(shared=False)` is a world of one's own; `shared` when Ann shares what she said."""
    folder, furnished = template
    opened: list[World] = []

    def make(*, shared: bool = False) -> World:
        shutil.copytree(folder, tmp_path / "world")
        world = replace(furnished, services=open_services(tmp_path / "world"))
        opened.append(world)
        if shared:
            world.services.people.share_transcripts(world.ann, True)
        return world

    yield make
    for world in opened:
        world.services.stop()
