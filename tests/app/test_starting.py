"""A server that can't start says why in one sentence, and ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.storage.faults import AWAY
from tests.app.visit import ROOT


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql+pymysql://nobody@127.0.0.1:1/viva", AWAY),
        ("oracle://nobody@127.0.0.1/viva", "VIVA_DATABASE_URL can't be used: it must begin with sqlite:///"),
        ("sqlite:////proc/nowhere/viva.db", "The database file /proc/nowhere/viva.db can't be opened for writing"),
    ],
    ids=["unreachable", "unknown kind", "no file"],
)
def test_a_database_that_cannot_be_had_ends_the_start_in_one_sentence(tmp_path: Path, url: str, sentence: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VIVA_", "OPENAI_"))}
    settings = {"VIVA_DATA_DIR": str(tmp_path), "VIVA_DATABASE_URL": url}
    command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", "0"]
    ended = subprocess.run(command, cwd=ROOT, env={**kept, **settings}, capture_output=True, text=True, timeout=60)
    said = ended.stderr + ended.stdout
    assert ended.returncode != 0
    assert sentence in said, ended.returncode
    assert "Viva did not start." in said
    assert "Traceback" not in said
