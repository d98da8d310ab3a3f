"""python -m core.cli: Viva's services without a screen.

Exit status 0 on success, 2 on bad input with one clear sentence on stderr, 1 on a failure.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from pydantic import SecretStr, ValidationError

from core import cli_data, cli_people
from core.bootstrap import Services, build
from core.config import Settings
from core.engines.base import Fault, ServiceError
from core.jsonl import read_jsonl
from core.rehearsal import parse_reply, rehearse
from core.storage.migrate import migrate
from core.terminal import BadInputError, MissedError, count_of, emit


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[0].upper()}{message[1:]}; see {self.prog} --help.\n")


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    _speak_utf8()
    arguments = _parser().parse_args(argv)
    try:
        services = build(Settings())
        try:
            arguments.run(services, arguments)
        finally:
            services.database.close()
    except ValidationError as error:
        return _fail(2, _about_setting(error))
    except UnicodeDecodeError:
        return _fail(2, "What came on standard input is not UTF-8 text.")
    except (BadInputError, ValueError) as error:
        return _fail(2, str(error))
    except ServiceError as error:
        bad = error.kind in (Fault.BAD_INPUT, Fault.NOT_FOUND)
        return _fail(2 if bad else 1, error.sentence)
    except MissedError as error:
        return _fail(1, str(error))
    except BrokenPipeError:
        return 1
    return 0


def _speak_utf8() -> None:
    """UTF-8 whatever the terminal's locale; half a surrogate pair, which has no UTF-8, goes out as JSON's own escape."""
    for stream, errors in ((sys.stdin, "strict"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _fail(status: int, sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return status


def _about_setting(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0])
    message = first["msg"]
    return f"{name if name.isupper() else f'VIVA_{name.upper()}'}: {message[0].lower()}{message[1:]}."


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m core.cli", description="Viva's services without a screen.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(group: Any, name: str, run: Callable[..., None], help_: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = group.add_parser(name, help=help_, description=help_)
        made.set_defaults(run=run)
        return made

    def group(name: str, help_: str) -> Any:
        return commands.add_parser(name, help=help_).add_subparsers(required=True, metavar="ACTION")

    command(commands, "migrate", _migrate, "Bring the database up to date.")

    cli_people.add_commands(commands, group, command)

    sample = group("sample", "The sample programme.")
    load = command(sample, "load", _sample_load, "Load the sample programme, marked as sample everywhere.")
    load.add_argument("--responses", type=int)
    load.add_argument("--seed", type=int, default=7)
    command(sample, "remove", _sample_remove, "Remove the sample programme without a trace.")

    hold = command(commands, "interview", _interview, "Hold an interview with answers from a file; events on stdout.")
    hold.add_argument("--domain", required=True)
    hold.add_argument("--level", type=int, choices=range(1, 6))
    hold.add_argument("--answers", type=Path, required=True, help="a JSON object with `answer` or `skip` a line")
    hold.add_argument("--questions", type=int, help="how many questions (default: one an answer, at most 25)")
    hold.add_argument("--user", help="whose interview it is; without one nothing is kept")
    hold.add_argument("--mode", choices=["practice", "mock"], default="practice")

    grade = command(commands, "grade", _grade, "Grade the rows of a JSON Lines file.")
    grade.add_argument("--in", dest="file", type=Path, required=True)

    terms = command(commands, "terms", _terms, "Put technical terms right in lines of text from standard input.")
    terms.add_argument("--domain", required=True)

    prompts = group("prompts", "Prompts and domains.")
    command(prompts, "check", _prompts_check, "Check every prompt and domain file.")
    bench = command(prompts, "bench", _prompts_bench, "Grade the authored answers of domains, and check their scores.")
    bench.add_argument("--domain", help="one domain (default: all)")
    bench.add_argument("--limit", type=int, help="so many questions a domain, spread evenly (default: all)")
    bench.add_argument("--accept", action="store_true", help="compare later runs with this one")

    cli_data.add_commands(group("data", "People's data, and what is counted of it."), command)
    return parser


def _migrate(services: Services, _: argparse.Namespace) -> None:
    applied = migrate(services.database)
    print("The database is up to date" + (f": {', '.join(applied)} applied." if applied else "."))


def _sample_load(services: Services, arguments: argparse.Namespace) -> None:
    from core.sample import load_sample

    if arguments.responses is not None and arguments.responses < 1:
        raise BadInputError("--responses takes a whole number from 1 up.")
    migrate(services.database)
    catalogue = services.domains.catalogue()
    with services.database.unhurried() as database:
        report = load_sample(
            database, catalogue, responses=arguments.responses, seed=arguments.seed, now=services.now()
        )
    print(report)


def _sample_remove(services: Services, _: argparse.Namespace) -> None:
    from core.sample import remove_sample

    migrate(services.database)
    with services.database.unhurried() as database:
        remove_sample(database)
    print("The sample programme is gone.")


def _interview(services: Services, arguments: argparse.Namespace) -> None:
    replies = [parse_reply(number, value) for number, value in read_jsonl(arguments.answers)]
    if not replies:
        raise BadInputError(f"{arguments.answers} has no answers.")
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        if arguments.user is None:  # nobody's interview: it leaves nothing behind
            url = SecretStr(f"sqlite:///{folder}/rehearsal.db")
            settings = services.settings.model_copy(update={"database_url": url})
            services = build(settings, versions=services.versions)
        services.start()
        try:
            learner = _rehearsing_learner(services, arguments.user)
            for event in rehearse(
                services,
                learner,
                arguments.domain,
                replies,
                level=arguments.level,
                questions=arguments.questions,
                mode=arguments.mode,
            ):
                emit(event)
        finally:
            services.stop()


def _rehearsing_learner(services: Services, email: str | None) -> int:
    if email is None:
        return services.people.add("rehearsal@example.org", "Rehearsal", "learner").id
    person = services.people.find_by_email(email)
    if person is None:
        raise BadInputError(f"There is no person with the e-mail address {email}.")
    return person.id


def _grade(services: Services, arguments: argparse.Namespace) -> None:
    from core.grading.rows import grade_rows

    rows = [value for _, value in read_jsonl(arguments.file)]
    for result in grade_rows(rows, services.engines.graders[services.engines.default]):
        emit(result)


def _terms(services: Services, arguments: argparse.Namespace) -> None:
    from core.speech.correctors import Correctors
    from core.speech.field import NOTHING_SAID

    corrector, said = Correctors(services.domains).of(arguments.domain), NOTHING_SAID
    if corrector is None:
        raise BadInputError(f"There is no domain called “{arguments.domain}”.")
    for line in sys.stdin:
        text = line.rstrip("\n")
        emit(corrector.correct(text, before=said).as_dict())
        said = said.then(corrector.talk(text))


def _prompts_check(services: Services, _: argparse.Namespace) -> None:
    from core.domain_checks import check

    catalogue = services.domains.catalogue()
    faults = [*services.prompts.faults(), *catalogue.faults]
    for domain in catalogue.domains.values():
        found = check(domain)
        faults += [f"{domain.key}: {fault}" for fault in found]
        print(f"{domain.name}: {len(domain.questions)} questions, {len(domain.skills)} skills, {len(found)} faults")
    for fault in faults:
        print(fault)
    if faults:
        raise BadInputError(f"{count_of(faults, 'fault')} found.")


def _prompts_bench(services: Services, arguments: argparse.Namespace) -> None:
    from core.quality.bench_table import lines_of

    migrate(services.database)
    domains = services.domains.catalogue().domains
    if arguments.domain is not None and arguments.domain not in domains:
        raise BadInputError(f"There is no domain called “{arguments.domain}”.")
    faults = []
    for domain in [domains[arguments.domain]] if arguments.domain else domains.values():
        run = services.benches.hold(domain, services.engines.grader(), arguments.limit)
        print("\n".join(lines_of(run, domain.name)), flush=True)
        if run.report is None:
            raise ServiceError(Fault.INTERRUPTED, f"The run of {domain.name} did not come to its end.")
        faults += [f"{domain.name}: {fault}" for fault in run.report.faults()]
        if arguments.accept:
            services.benches.accept(run.public_id)
    for fault in faults:
        print(fault)
    if faults:
        raise MissedError(f"{count_of(faults, 'bound')} missed.")


if __name__ == "__main__":
    sys.exit(main())
