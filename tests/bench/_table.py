"""How benchmarks print: one line a figure, with its bound and whether it is kept."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def line(name: str, value: float, bound: float, *, at_least: bool = False, unit: str = "", digits: int = 3) -> bool:
    """Print a figure beside its bound; True when it keeps it."""
    good = value >= bound if at_least else value <= bound
    sign = "at least" if at_least else "at most"
    shown, limit = f"{value:.{digits}f}{unit}", f"{bound:g}{unit}"
    print(f"   {name:<58} {shown:>12}   {sign} {limit:<10} {'' if good else '  MISSED'}")
    return good


def data_file(name: str) -> Path | None:
    """A file of the evaluation data, or None, said aloud, where it isn't."""
    folder = Path(os.environ.get("VIVA_BENCH_DATA", ROOT.parent / "shared" / "data"))
    if (folder / name).exists():
        return folder / name
    print(f"   {name} is not in {folder.name}/ (VIVA_BENCH_DATA names the folder): left out")
    return None
