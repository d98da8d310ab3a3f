"""The only place where parts are wired together."""

import datetime as dt
import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from core.accounts.identities import Identities
from core.accounts.links import Links
from core.accounts.mail import Letters, Mailer
from core.accounts.people import People
from core.accounts.retention import Retention
from core.accounts.sessions import Sessions
from core.accounts.share_links import ShareLinks
from core.accounts.throttle import Throttle
from core.budgets.ledger import Budgets
from core.budgets.metered import MeteredAssessor, MeteredInterviewer, MeteredTranscriber, MeteredWriter
from core.config import Settings
from core.domains import DomainStore
from core.engines.base import Fault, Grader, Interviewer, ServiceError, Speaker, Transcriber, Writer
from core.engines.offline_interviewer import MODEL as OFFLINE_MODEL
from core.engines.offline_interviewer import OfflineInterviewer
from core.grading.current import PROMPT as GRADER
from core.grading.current import CurrentGrader
from core.grading.grader import ModelGrader
from core.grading.lexical import LexicalGrader
from core.grading.once import GradesOnce
from core.interview.asking import Asker
from core.interview.jobs import Workers
from core.interview.live import Live
from core.interview.marking import Marker
from core.interview.service import Interviews
from core.interview.summing_up import Summariser
from core.prompts import Prompt, PromptError, PromptStore
from core.quality.benches import Benches
from core.quality.flags import Flags
from core.quality.regrading import Regrading
from core.quality.second_grades import SecondGrades
from core.quality.trials import Trials
from core.quality.versions import Kind, Versions
from core.speech.aliases import Aliases
from core.speech.listening import Listener
from core.speech.recording_files import RecordingFiles, folder_for
from core.speech.recordings import Recordings
from core.speech.speakers import load_speaker
from core.speech.sweeping import Sweeper
from core.speech.transcription import Speech
from core.storage.database import Database
from core.storage.migrate import migrate


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Engines:
    """What speaks, grades and hears: by the name that an interview is stored with; `default` is for new ones.

    `grader_with` makes the default engine's grader with another prompt; None where there is no model.
    """

    default: str
    model: str
    interviewers: Mapping[str, Interviewer]
    graders: Mapping[str, Grader]
    transcriber: Transcriber | None
    writers: Mapping[str, Writer] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None
    grader_with: Callable[[Prompt], Grader] | None = None

    def grader(self, prompt: Prompt | None = None) -> Grader:
        """The default engine's grader as it is at this moment; where there is a model, with `prompt` in place of its own."""
        if prompt is not None and self.grader_with is not None:
            return self.grader_with(prompt)
        grader = self.graders[self.default]
        return grader.now() if isinstance(grader, CurrentGrader) else grader


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a page, a route or a command may call."""

    settings: Settings
    database: Database
    domains: DomainStore
    prompts: PromptStore
    versions: Versions
    people: People
    sessions: Sessions
    links: Links
    identities: Identities
    throttle: Throttle
    letters: Letters | None
    budgets: Budgets
    interviews: Interviews
    share_links: ShareLinks
    flags: Flags
    second_grades: SecondGrades
    regrading: Regrading
    benches: Benches
    trials: Trials
    aliases: Aliases
    speech: Speech
    recordings: Recordings
    listener: Listener
    sweeper: Sweeper
    retention: Retention
    speaker: Speaker | None
    engines: Engines
    live: Live
    workers: Workers
    now: Callable[[], dt.datetime]

    def start(self) -> None:
        """Bring the database up to date and begin the background work; raises ServiceError when that can't be done."""
        migrate(self.database)
        self._check_grader()
        self.workers.start()
        self.sweeper.rounds.start()
        self.retention.rounds.start()
        self.speech.prepare()

    def warm_up(self) -> None:
        """Load what is slow to load and stays, so that nobody waits for it, nor for the collector that would go through it."""
        self.domains.catalogue()
        gc.collect()
        gc.freeze()  # else each full collection holds every thread up for some 150 ms

    def _check_grader(self) -> None:
        """A prompt that can't be used is told now, not to the first learner; a broken file is none while an edit is in use."""
        if self.engines.grader_with is None:
            return
        try:
            self.prompts.get(GRADER)
        except PromptError as error:
            sentence = f"Answers can't be graded: {str(error).rstrip('.')}."
            raise ServiceError(Fault.NOT_CONFIGURED, sentence, retryable=False) from error

    def stop(self) -> None:
        self.retention.rounds.stop()
        self.sweeper.rounds.stop()
        self.workers.stop()
        self.listener.stop()
        self.benches.close()
        self.trials.close()
        self.engines.close()
        self.database.close()


def build_letters(settings: Settings) -> Letters | None:
    """The way to send e-mail, where a mail server is set."""
    if not settings.smtp_host:
        return None
    mailer = Mailer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_from,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
    )
    return Letters(mailer, settings.public_url)


def build_engines(settings: Settings, prompts: PromptStore, budgets: Budgets) -> Engines:
    """The offline engine always, the model server where one is set, and that within the budgets."""
    lexical = GradesOnce(LexicalGrader())
    interviewers: dict[str, Interviewer] = {"offline": OfflineInterviewer(lexical)}
    graders: dict[str, Grader] = {"offline": lexical}
    if not settings.uses_openai:
        return Engines("offline", OFFLINE_MODEL, interviewers, graders, None)
    from core.engines.openai_client import OpenAIClient  # the openai package costs a second: only where it is used
    from core.engines.openai_grader import OpenAIAssessor
    from core.engines.openai_interviewer import OpenAIInterviewer
    from core.engines.openai_speech import OpenAITranscriber
    from core.engines.openai_writer import OpenAIWriter

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    client = OpenAIClient(api_key=key, base_url=settings.openai_base_url, seconds=settings.model_seconds)
    interviewers["openai"] = MeteredInterviewer(OpenAIInterviewer(client, settings.chat_model), budgets)

    def grader_with(prompt: Prompt) -> Grader:
        assessor = MeteredAssessor(OpenAIAssessor(client, settings.grade_model, prompt), budgets)
        return ModelGrader(assessor, second=lexical)

    graders["openai"] = CurrentGrader(prompts, grader_with)
    transcriber = None
    if settings.speech_model:
        transcriber = MeteredTranscriber(OpenAITranscriber(client, settings.speech_model), budgets)
    writers: dict[str, Writer] = {"openai": MeteredWriter(OpenAIWriter(client, settings.chat_model), budgets)}
    return Engines(
        "openai", settings.chat_model, interviewers, graders, transcriber, writers, client.close, grader_with
    )


def build(
    settings: Settings,
    *,
    engines: Engines | None = None,
    versions: Versions | None = None,
    now: Callable[[], dt.datetime] = utc_now,
) -> Services:
    """All services for these settings; nothing is started, and no table is touched.

    `versions` are those of another database, whose edits are to be used.
    """
    database = Database(settings.url, ca=settings.mysql_ca)
    versions = versions or Versions(database, settings.prompts_dir, now)
    domains = DomainStore(settings.prompts_dir / "domains", partial(versions.current, Kind.DOMAIN))
    prompts = PromptStore(settings.prompts_dir, partial(versions.current, Kind.PROMPT))
    budgets = Budgets(database, now, settings.limits)
    engines = engines or build_engines(settings, prompts, budgets)
    live = Live()
    files = RecordingFiles(folder_for(settings.data_dir, database.engine.url))
    recordings = Recordings(database, files, now)
    asker = Asker(database, domains, prompts, engines.interviewers, engines.graders["offline"], live, now)
    workers = Workers(
        database,
        {
            "ask": budgets.for_jobs(asker),
            "grade": budgets.for_jobs(Marker(database, domains, engines.graders, now, summarised=engines.writers)),
            "summary": budgets.for_jobs(Summariser(database, domains, prompts, engines.writers)),
        },
        threads=settings.workers,
        lease_seconds=settings.lease_seconds,
        now=now,
    )
    aliases = Aliases(database)
    return Services(
        settings=settings,
        database=database,
        domains=domains,
        prompts=prompts,
        versions=versions,
        people=People(database, now),
        sessions=Sessions(database, now),
        links=Links(database, now),
        identities=Identities(database, now),
        throttle=Throttle(database, now),
        letters=build_letters(settings),
        budgets=budgets,
        interviews=Interviews(
            database,
            domains,
            engine=engines.default,
            model=engines.model,
            now=now,
            kick=workers.kick,
            summarised=engines.writers,
            closed=recordings.settle,
            instead=partial(_without_budget, engines, budgets),
        ),
        share_links=ShareLinks(database, domains, now),
        flags=Flags(database, now),
        trials=Trials(),
        benches=Benches(database, now, threads=settings.workers),
        second_grades=SecondGrades(database, now, kick=workers.kick, summarised=engines.writers),
        regrading=Regrading(database, now, kick=workers.kick, graders=engines.graders),
        aliases=aliases,
        speech=Speech(engines.transcriber, domains, aliases.used),
        recordings=recordings,
        listener=Listener(recordings),
        sweeper=Sweeper(database, recordings, now),
        retention=Retention(database, recordings.files, now),
        speaker=load_speaker(settings),
        engines=engines,
        live=live,
        workers=workers,
        now=now,
    )


def _without_budget(engines: Engines, budgets: Budgets, learner_id: int) -> tuple[str, str] | None:
    """The offline engine, for new interviews of somebody whose budget for the model is spent."""
    if engines.default == "offline" or budgets.spent(learner_id) is None:
        return None
    return "offline", OFFLINE_MODEL
