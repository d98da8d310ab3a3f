"""The table leaves nothing out: no page, no command that a person gives, and no address."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import core
import ui.web
from core.accounts.permissions import Viewer
from tests.hall import ROOT
from tests.matrix.table import COMMANDS, PAGES, ROUTES, UNGUARDED


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def commands() -> Iterator[str]:
    """The public functions and methods of core that take who asks: a Viewer, or a learner's id."""
    for module in modules(core):
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", "") != module.__name__ or name.startswith("_"):
                continue
            inner = vars(thing).items() if inspect.isclass(thing) else [("", thing)]
            for method, function in inner:
                if inspect.isfunction(function) and not method.startswith("_") and asks(function):
                    yield ".".join(part for part in (module.__name__.removeprefix("core."), name, method) if part)


def asks(function: object) -> bool:
    parameters = inspect.signature(function).parameters  # type: ignore[arg-type]
    return "learner_id" in parameters or any(
        found.annotation in (Viewer, Viewer | None) for found in parameters.values()
    )


def test_every_page_is_in_the_table() -> None:
    assert sorted(PAGES) == sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def test_no_page_sets_a_layout_of_its_own() -> None:
    """Home.py does, once: where the page does too, the browser may end with the first of the two, and jumps between them."""
    assert [path.stem for path in (ROOT / "pages").glob("*.py") if "set_page_config" in path.read_text()] == []


def test_every_command_that_somebody_gives_is_in_the_table() -> None:
    assert sorted(set(commands())) == sorted({command.name for command in COMMANDS} | set(UNGUARDED))


def test_every_address_of_our_own_is_in_the_table() -> None:
    found = {route.path for module in modules(ui.web) if hasattr(module, "routes") for route in module.routes()}
    assert sorted(ROUTES) == sorted(found)


@pytest.mark.parametrize("name", UNGUARDED)
def test_what_is_not_tried_says_why(name: str) -> None:
    assert UNGUARDED[name]
