"""The command line as someone at a terminal sees it: what they type, what they read, and the exit status."""

import io
import json
from typing import Any

import pytest

from core.cli import main


class Result:
    """What one command left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Terminal:
    """Runs commands in this process, with the offline engine and a data directory of the test's own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data_dir: object) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch
        for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "VIVA_DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("VIVA_ENGINE", "offline")
        monkeypatch.setenv("VIVA_DATA_DIR", str(data_dir))

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Result:
        self._monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as left:  # argparse leaves by itself
            status = int(left.code or 0)
        return Result(status, *self._capsys.readouterr())
