"""The commands about people: accounts, rosters, and who needs a call."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.accounts.permissions import Role
from core.bootstrap import Services
from core.engines.base import ServiceError
from core.storage.migrate import migrate
from core.terminal import BadInputError, MissedError, count_of


def add_commands(
    commands: Any, group: Callable[[str, str], Any], command: Callable[..., argparse.ArgumentParser]
) -> None:
    """Add the commands and their groups."""
    add = command(group("user", "People."), "add", _user_add, "Add a person; the password is read from standard input.")
    add.add_argument("--email", required=True)
    add.add_argument("--role", required=True, choices=["learner", "manager", "admin"])
    add.add_argument("--name")
    add.add_argument("--cohort")

    roster = command(
        group("roster", "Rosters."), "import", _roster_import, "Add the people of a CSV file to their cohorts."
    )
    roster.add_argument("file", type=Path)

    digest = command(commands, "digest", _digest, "Write managers which of their learners may need a call.")
    digest.add_argument("--user", help="one manager's e-mail address (default: all)")
    digest.add_argument("--send", action="store_true", help="by e-mail; without it the letters are printed")


def _user_add(services: Services, arguments: argparse.Namespace) -> None:
    migrate(services.database)
    if sys.stdin.isatty():
        print("Password: ", end="", file=sys.stderr, flush=True)
    password = sys.stdin.readline().rstrip("\r\n")
    name = arguments.name or arguments.email.partition("@")[0]
    services.people.add(arguments.email, name, arguments.role, password=password, cohort=arguments.cohort)
    print(f"{arguments.email} is a {arguments.role} now.")


def _roster_import(services: Services, arguments: argparse.Namespace) -> None:
    from core.accounts.roster import import_roster

    try:
        content = arguments.file.read_bytes()
    except OSError as error:
        raise BadInputError(f"{arguments.file} can't be read: {error.strerror}.") from None
    migrate(services.database)
    report = import_roster(services.people, content)
    print(report.summary)
    for fault in report.faults:
        print(fault)
    if report.faults:
        raise BadInputError(f"{count_of(report.faults, 'row')} left out; the others are in.")


def _digest(services: Services, arguments: argparse.Namespace) -> None:
    from core.accounts.digests import SUBJECT, digests

    migrate(services.database)
    if arguments.send and services.letters is None:
        raise BadInputError("No mail server is set, so nothing can be sent; without --send the letters are printed.")
    manager = services.people.find_by_email(arguments.user) if arguments.user else None
    if arguments.user and (manager is None or manager.role != Role.MANAGER):
        raise BadInputError(f"There is no manager with the e-mail address {arguments.user}.")
    names = {key: domain.name for key, domain in services.domains.catalogue().domains.items()}
    address = services.letters.address if services.letters else services.settings.public_url
    lost = sent = 0
    for letter in digests(services.people, names, address, services.now(), email=manager.email if manager else None):
        if services.letters is None or not arguments.send:
            print(f"To: {letter.email}\nSubject: {SUBJECT}\n\n{letter.text}")
            continue
        try:
            services.letters.mailer.send(letter.email, SUBJECT, letter.text)
            sent += 1
        except ServiceError as error:  # the others get theirs
            print(f"{letter.email}: {error.sentence}", file=sys.stderr)
            lost += 1
    if arguments.send:
        print(f"Sent {sent} letter{'' if sent == 1 else 's'}.")
    if lost:
        raise MissedError(f"{lost} could not be sent.")
