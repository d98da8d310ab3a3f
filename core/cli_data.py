"""The `data` commands: a person's data, examples for fine-tuning, and the counts that charts are drawn from."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.bootstrap import Services
from core.files import new_file
from core.jsonl import write_lines
from core.storage.migrate import migrate
from core.terminal import MissedError, emit


def add_commands(data: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands to the group."""
    for name, run, help_ in (
        ("export", _export, "Print everything stored about a person as JSON."),
        ("erase", _erase, "Erase a person and everything they said."),
    ):
        command(data, name, run, help_).add_argument("--user", required=True, help="e-mail address")
    training = command(data, "training", _training, "Write graded answers, of learners who share them, as examples.")
    training.add_argument("--out", type=Path, required=True, help="the JSON Lines file to write")
    scores = command(data, "scores", _scores, "Write all scores of a cohort, answer by answer, without what was said.")
    scores.add_argument("--cohort", required=True, help="its name, or its id in the address of the Cohorts page")
    scores.add_argument("--out", type=Path, required=True, help="the file to write")
    scores.add_argument("--format", choices=["csv", "xlsx"], default="csv", help="xlsx: at most 100,000 rows")
    scores.add_argument("--names", action="store_true", help="with the learners' names; each of them can see that")
    command(data, "check", _check, "Compare the counts that charts are drawn from with the interviews.")
    command(data, "rebuild", _rebuild, "Write these counts anew from the interviews; grades wait meanwhile.")


def _export(services: Services, arguments: argparse.Namespace) -> None:
    from core.accounts.personal_data import export_person

    migrate(services.database)
    emit(export_person(services.database, arguments.user))


def _erase(services: Services, arguments: argparse.Namespace) -> None:
    from core.accounts.personal_data import erase_person

    migrate(services.database)
    erase_person(services.database, arguments.user, services.now(), services.recordings.files)
    print(f"{arguments.user} and everything they said are erased.")


def _training(services: Services, arguments: argparse.Namespace) -> None:
    from core.quality.training import examples

    migrate(services.database)
    count = write_lines(arguments.out, examples(services.database))
    print(f"Wrote {count:,} example{'' if count == 1 else 's'} to {arguments.out}.")


def _scores(services: Services, arguments: argparse.Namespace) -> None:
    from core.accounts.score_exports import begin_export, find_cohort
    from core.analytics.exports import csv_lines, write_excel
    from core.analytics.score_rows import COLUMNS, score_rows

    migrate(services.database)
    cohort = find_cohort(services.database, arguments.cohort)
    names = begin_export(services.database, None, cohort.id, services.now(), named=arguments.names)
    rows = score_rows(services.database, cohort.id, services.domains.catalogue().domains, names)
    if arguments.format == "csv":
        count = write_lines(arguments.out, csv_lines(COLUMNS, rows)) - 1
    else:
        with new_file(arguments.out) as file:
            count = write_excel(file, COLUMNS, rows)
    print(f"Wrote {count:,} score{'' if count == 1 else 's'} to {arguments.out}.")


def _check(services: Services, _: argparse.Namespace) -> None:
    from core.storage.recounting import recount

    migrate(services.database)
    with services.database.unhurried() as database, database.read() as session:
        differences = recount(session)
    for difference in differences:
        print(difference)
    if differences:
        raise MissedError("The counts differ from the interviews: write them anew with `data rebuild`.")
    print("The counts agree with the interviews.")


def _rebuild(services: Services, _: argparse.Namespace) -> None:
    from core.storage.recounting import rebuild

    migrate(services.database)
    with services.database.unhurried() as database:
        database.run(rebuild)
    print("The counts are written anew.")
