"""`make bench`: every benchmark, each against its bound, with a table at the end; exit status 1 when one is missed.

`make bench ONLY="policy grader"` runs those alone. What needs data that is not part of Viva looks for it in the folder that
VIVA_BENCH_DATA names, and says so when it isn't there.
"""

import importlib
import pkgutil
import sys
import time

import tests.bench


def main(wanted: list[str]) -> int:
    """Run the modules of this package that have a `main() -> bool`, by name, and print which kept their bounds."""
    names = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    names = [name for name in names if not name.startswith("_") and (not wanted or name in wanted)]
    if unknown := set(wanted) - set(names):
        print(f"There is no benchmark called {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    kept: dict[str, bool] = {}
    for name in names:
        module = importlib.import_module(f"tests.bench.{name}")
        if not hasattr(module, "main"):
            continue
        print(f"\n== {name}")
        began = time.perf_counter()
        kept[name] = module.main()
        print(f"   ({time.perf_counter() - began:.1f} s)")
    print(
        "\n"
        + "\n".join(f"{name:<12} {'within its bounds' if good else 'MISSES A BOUND'}" for name, good in kept.items())
    )
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
