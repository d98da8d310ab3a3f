"""YAML files that people edit, read without trust: plain data only, and every complaint names its line."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, ten times as fast
MAX_BYTES = 10_000_000
MAX_DEPTH = 20
PLAIN = {f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null")}


class FileError(Exception):
    """A file that can't be used: `faults` are sentences, each "file.yaml:LINE: what is wrong"."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and the lines on which it says so."""

    name: str
    data: dict[str, Any]
    root: yaml.MappingNode

    def fault(self, place: Sequence[str | int], what: str) -> str:
        """The complaint about what is found by following `place`, keys and indexes, from the top."""
        return f"{self.name}:{_line_of(self.root, place)}: {what}"

    def items(self, field: str) -> list[range]:
        """The lines, counted from 0, of each item in the list of that field; empty where they don't begin with a dash."""
        listed = next((value for key, value in self.root.value if key.value == field), None)
        if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
            return []
        starts = [node.start_mark.line for node in listed.value]
        return [range(*span) for span in zip(starts, [*starts[1:], listed.end_mark.line], strict=True)]


def read(path: Path) -> Document:
    """The one document in the file, a mapping of plain data; raises FileError."""
    return parse(path.name, text_of(path))


def parse(name: str, text: str) -> Document:
    """The one document in the text, a mapping of plain data; raises FileError."""
    root = _compose(name, text)
    if root is None:
        raise FileError(f"{name}:1: the file is empty")
    if not isinstance(root, yaml.MappingNode):
        raise FileError(f"{name}:1: the file must consist of “field: value” lines")
    faults = [f"{name}:{node.start_mark.line + 1}: {what}" for node, what in _improper(root)]
    if faults:
        raise FileError(*faults)
    try:
        return Document(name, LOADER("").construct_document(root), root)
    except (yaml.YAMLError, ValueError) as error:  # e.g. a number that Python finds too long
        raise FileError(f"{name}:1: a value can't be read ({error})") from error


def text_of(path: Path) -> str:
    """The text of a file that lies in its own folder and is UTF-8 of a sane size; raises FileError."""
    try:
        if not path.resolve().is_relative_to(path.parent.resolve()):
            raise FileError(f"{path.name}:1: the file is a link that leads out of its folder")
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise FileError(f"{path.name}:1: this is not a file")
        if found.st_size > MAX_BYTES:
            raise FileError(f"{path.name}:1: the file is larger than {MAX_BYTES // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path.name}:1: the file can't be read ({os.strerror(error.errno or 0)})") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path.name}:{line}: the text is not UTF-8; save the file in that encoding") from error


def _compose(name: str, text: str) -> yaml.Node | None:
    loader = LOADER(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileError(f"{name}:{mark.line + 1 if mark else 1}: this is not YAML ({error.problem})") from error
    except yaml.YAMLError as error:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise FileError(f"{name}:{line}: this is not YAML (a character that may not stand in a text file)") from error
    except RecursionError as error:
        raise FileError(f"{name}:1: the values are nested too deeply") from error
    finally:
        loader.dispose()
    return node


def _improper(root: yaml.Node) -> Iterator[tuple[yaml.Node, str]]:
    """Nodes that are more than plain data: tags, aliases (a small file can become a huge one), repeated fields."""
    seen: set[int] = set()
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        if id(node) in seen:
            yield node, "“&” and “*” (YAML's repetition of a value) may not be used"
            return
        seen.add(id(node))
        if depth > MAX_DEPTH:
            yield node, "the values are nested too deeply"
            return
        if node.tag not in PLAIN:
            yield (
                node,
                f"“{node.tag.removeprefix('tag:yaml.org,2002:')}” is not plain text or a number; put it in quotes",
            )
        elif isinstance(node, yaml.MappingNode):
            yield from _repeated(node)
            waiting += [(part, depth + 1) for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(part, depth + 1) for part in node.value]


def _repeated(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, str]]:
    fields: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            yield key, "the name of a field must be one word"
        elif key.value in fields:
            yield key, f"“{key.value}” is given twice"
        else:
            fields.add(key.value)


def _line_of(root: yaml.Node, place: Sequence[str | int]) -> int:
    """The line of the deepest node on the way to `place` that exists."""
    node, line = root, 1
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            node, line = pair[1], pair[0].start_mark.line + 1
        else:
            break
    return line
