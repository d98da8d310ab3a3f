"""Reruns of pages as a server has them: it compiles each page once, where the test runner would at every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import app_test, local_script_runner


@contextmanager
def compiled_once() -> Iterator[None]:
    """Within it, all runs of the test runner share what has been compiled."""
    compiled = ScriptCache()
    with (
        patch.object(local_script_runner, "ScriptCache", lambda: compiled),
        patch.object(app_test, "ScriptCache", lambda: compiled),
    ):
        yield
