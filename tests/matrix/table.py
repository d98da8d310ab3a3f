"""The one table of who may do what: every page, every command of the services and every download, and for whom.

Something new that is in none of its lists fails test_complete.py: add a line here, and it is tried as everybody.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.accounts import assignments, contacts, manage, places, retention, roster, score_exports, sign_in_rules
from core.accounts.playback import listen_to
from core.accounts.transcripts import open_interview, reach
from core.analytics import calibration, placing, queries, spoken
from core.budgets.limits import Given
from core.budgets.spending import set_budget, spending
from core.interview import goals, next_practice, overview, records, search, streaks
from core.interview.model import FlagKind
from core.interview.service import Plan, Words
from core.quality import aliases, queues
from core.quality.benches import only_admins
from core.quality.versions import Kind
from core.speech.recordings import KEPT, Recorded
from core.storage.count_tables import InterviewSkill, LearnerTrend
from core.storage.recording_tables import Recording
from core.storage.tables import Enrolment, Person, Turn
from tests.matrix.world import DRAFT, EMAIL, NAME, PASSWORD, REASON, SIGNED_IN, WORDS, WRONG, Asker, World

ANN, LEARNER, MANAGER, OTHER, ADMIN = Asker.ANN, Asker.LEARNER, Asker.MANAGER, Asker.OTHER, Asker.ADMIN
NOBODY_AT_ALL: tuple[Asker, ...] = ()
STAFF = (MANAGER, OTHER, ADMIN)
ANNS = (MANAGER, ADMIN)
"""Who looks after Ann."""

PAGES = {
    "Start": SIGNED_IN,
    "Practise": SIGNED_IN,
    "Review": SIGNED_IN,
    "Progress": SIGNED_IN,
    "Cohorts": STAFF,
    "Quality": STAFF,
    "People": STAFF,
    "Programmes": STAFF,
    "Prompts": (ADMIN,),
    "Account": SIGNED_IN,
}
"""Who may open which file of pages/; the others are told whom it is for."""

ROUTES = {
    **dict.fromkeys(
        (
            "/login",
            "/auth/login",
            "/oauth2callback",
            "/auth/logout",
            "/setup",
            "/invite",
            "/forgotten",
            "/demo",
            "/shared",
        ),
        tuple(Asker),
    ),
    "/readyz": tuple(Asker),
    "/export/training.jsonl": (ADMIN,),
    "/export/my-data.json": SIGNED_IN,
    "/export/scores.csv": STAFF,
    "/export/scores.xlsx": STAFF,
    "/recording": SIGNED_IN,
}
"""Who is let in at which of our own addresses: those of signing in give nobody's data."""

STREAMLITS = {
    "/_stcore/health": tuple(Asker),
    "/_stcore/host-config": tuple(Asker),
    "/_stcore/metrics": (ADMIN,),
    "/_stcore/agent": NOBODY_AT_ALL,
    "/_stcore/script-health-check": NOBODY_AT_ALL,
    "/media/0123456789abcdef.bin": SIGNED_IN,
}
"""Who is let through to Streamlit's own addresses, whatever is there."""


@dataclass(frozen=True)
class Sight:
    """Words about Ann on a page, and who reads them there; `shared` when she shares what she said."""

    page: str
    words: str
    readers: tuple[Asker, ...]
    query: Callable[[World], dict[str, str]] = field(default=lambda _: {})
    shared: bool = False

    def __str__(self) -> str:
        return f"{self.page}: {self.words}{' (shared)' if self.shared else ''}"


def _finished(world: World) -> dict[str, str]:
    return {"interview": world.finished}


def _open(world: World) -> dict[str, str]:
    return {"interview": world.open}


SIGHTS = [
    Sight("Start", NAME, (ANN,)),
    Sight("Account", EMAIL, (ANN,)),
    Sight("Practise", DRAFT, (ANN,), _open),
    Sight("Practise", WORDS, (ANN,), _open, shared=True),
    Sight("Review", WORDS, (ANN,), _finished),
    Sight("Review", WORDS, (ANN, *ANNS), _finished, shared=True),
    Sight(
        "Cohorts", NAME, (ANN, *ANNS), lambda world: {"cohort": world.blue_public, "view": "Learners", "named": "true"}
    ),  # her own stands in the menu
    Sight("People", EMAIL, ANNS, lambda _: {"find": "ann"}),
    Sight("Quality", REASON, ANNS),
    Sight("Quality", WRONG, (ADMIN,), lambda _: {"part": "Questions"}),
]


@dataclass(frozen=True)
class Command:
    """A command of the services, tried as somebody: `run` is true when they got what is Ann's, or changed it."""

    name: str
    run: Callable[[World, Any], Any]
    allowed: tuple[Asker, ...]
    case: str = ""
    shared: bool = False

    def __str__(self) -> str:
        return f"{self.name}{f' ({self.case})' if self.case else ''}"


def _read(look: Callable[[World, Any, Session], Any]) -> Callable[[World, Any], Any]:
    """A look within one transaction."""

    def run(world: World, viewer: Any) -> Any:
        with world.services.database.read() as session:
            return look(world, viewer, session)

    return run


def _done(change: Callable[[World, Any], Any]) -> Callable[[World, Any], bool]:
    """A change that counts as made when it isn't refused."""

    def run(world: World, viewer: Any) -> bool:
        change(world, viewer)
        return True

    return run


def _ann(world: World) -> Person:
    with world.services.database.read() as session:
        return session.get_one(Person, world.ann)


def _rename(world: World, viewer: Any) -> bool:
    world.services.people.rename(viewer, "Somebody Else")
    return _ann(world).name != NAME


def _move(world: World, viewer: Any) -> bool:
    manage.set_cohorts(world.services.people, viewer, world.ann, [world.red])
    with world.services.database.read() as session:
        return session.get(Enrolment, (world.ann, world.red)) is not None


def _roster(world: World, viewer: Any) -> bool:
    """Whether a roster puts somebody into Ann's cohort; a look at it alone puts nobody anywhere."""
    file = "email,name,cohort,programme\nnew@example.org,New,Blue,Programme\n"
    would = roster.preview_roster(world.services.people, file, viewer)
    return bool(would.added and roster.import_roster(world.services.people, file, viewer).added)


def _tea(world: World) -> int:
    """The number of Ann's programme."""
    return places.programmes(world.services.people, world.viewer(ADMIN))[0].id


def _merge_programmes(world: World, viewer: Any) -> bool:
    """Another programme, merged into Ann's."""
    people = world.services.people
    places.add_cohort(people, world.viewer(ADMIN), "Another", "Green")
    by_name = {entry.name: entry.id for entry in places.programmes(people, world.viewer(ADMIN))}
    places.merge_programmes(people, viewer, by_name["Another"], by_name["Programme"])
    return True


def _invite(role: str) -> Callable[[World, Any], bool]:
    return _done(
        lambda w, v: manage.invite(w.services.people, w.services.links, v, "new@example.org", "New", role, w.blue)
    )


def _link(world: World, viewer: Any) -> Any:
    return manage.new_link(world.services.people, world.services.links, viewer, world.ann)


def _wish(world: World) -> assignments.Wish:
    return assignments.Wish(world.blue, "tiny", 1, world.services.now().date(), learner_id=world.ann)


def _assign(world: World, viewer: Any) -> str:
    domains = world.services.domains.catalogue().domains
    return assignments.assign(world.services.people, viewer, _wish(world), domains, world.services.now())


def _set_for_ann(world: World, session: Session) -> list[assignments.Task]:
    return assignments.open_tasks(session, world.ann, world.services.now().date())


def _withdraw_assignment(world: World, viewer: Any) -> bool:
    assignments.withdraw(world.services.people, viewer, _assign(world, world.viewer(MANAGER)))
    with world.services.database.read() as session:
        return not _set_for_ann(world, session)


def _tasks(world: World, viewer: Any) -> bool:
    _assign(world, world.viewer(MANAGER))
    with world.services.database.read() as session:
        return bool(assignments.open_tasks(session, viewer.id, world.services.now().date()))


def _links_of(world: World, viewer: Any) -> Any:
    world.services.share_links.create(world.ann, world.finished, 7)
    return world.services.share_links.of(viewer.id, world.finished)


def _revoke(world: World, viewer: Any) -> bool:
    links = world.services.share_links
    links.create(world.ann, world.finished, 7)
    links.revoke(viewer.id, world.finished, links.of(world.ann, world.finished)[0].public_id)
    return not links.of(world.ann, world.finished)


def _link_without_password(world: World, viewer: Any) -> Any:
    with world.services.database.write() as session:
        session.get_one(Person, world.ann).password_hash = None
    return _link(world, viewer)


def _recorded(world: World, *, sent: bool) -> Recorded:
    """A recording of Ann's: to the open question, or to the first one, kept with its answer."""
    recordings = world.services.recordings
    row, _ = recordings.store(world.ann, world.open, 2, b"sound")
    if sent:
        with world.services.database.write() as session:
            session.execute(
                update(Recording)
                .values(state=KEPT, number=2, interview_id=world.finished_id)
                .where(Recording.id == row.id)
            )
    return row


def _store(world: World, viewer: Any) -> Any:
    return world.services.recordings.store(viewer.id, world.open, 2, b"sound")


def _of_turn(world: World, viewer: Any) -> Any:
    _recorded(world, sent=False)
    return world.services.recordings.of_turn(viewer.id, world.open, 2)


def _take(world: World, viewer: Any) -> bool:
    world.services.recordings.take(viewer.id, world.open, _recorded(world, sent=False).id)
    return True


def _discard(world: World, viewer: Any) -> bool:
    world.services.recordings.discard(viewer.id, world.open, _recorded(world, sent=False).id)
    return True


def _kept(world: World, viewer: Any) -> Any:
    _recorded(world, sent=True)
    return world.services.recordings.kept(viewer.id, world.finished)


def _count_kept(world: World, viewer: Any) -> int:
    _recorded(world, sent=True)
    return world.services.recordings.count_kept(viewer.id)


def _forget_kept(world: World, viewer: Any) -> int:
    _recorded(world, sent=True)
    return world.services.recordings.forget_kept(viewer.id)


def _listen(*, sent: bool) -> Callable[[World, Any], Any]:
    def run(world: World, viewer: Any) -> Any:
        name = _recorded(world, sent=sent).name or ""
        return listen_to(world.services.database, viewer, name, world.services.now())

    return run


class _Letters:
    """A mail server that takes everything."""

    def send_link(self, *_: object) -> None:
        pass


def _mail(world: World, viewer: Any) -> Any:
    return manage.mail_link(world.services.people, world.services.links, _Letters(), viewer, world.ann)  # type: ignore[arg-type]


def _opened(world: World, viewer: Any) -> Any:
    s = world.services
    return open_interview(s.database, s.interviews, viewer, world.finished, s.now())


def _answered(world: World, viewer: Any) -> Any:
    s = world.services
    s.flags.close(world.viewer(ADMIN), world.flag, "Looked at.")
    with s.database.read() as session:
        return queues.answered(session, viewer.id, s.now() - dt.timedelta(days=1))


_GOAL = goals.Goal("tiny", 4, dt.date(2026, 6, 1))


def _own_goal(world: World, viewer: Any) -> Any:
    goals.set_goal(world.services.database, world.ann, _GOAL, ["tiny"], dt.date(2026, 1, 1))
    with world.services.database.read() as session:
        return goals.goal_of(session, viewer.id)


def _suggested(world: World, viewer: Any) -> Any:
    """What each would be told to practise, had Ann answered often enough."""
    s = world.services
    with s.database.write() as session:
        session.execute(update(InterviewSkill).values(n=3, total=9))
    with s.database.read() as session:
        return next_practice.suggest(session, viewer.id, s.domains.catalogue().domains, s.now())


def _withdraw(world: World, viewer: Any) -> bool:
    world.services.second_grades.give(viewer, world.finished, 1, 7, "Well put.")
    world.services.second_grades.withdraw(viewer, world.finished, 1)
    return True


def _bench(world: World, viewer: Any) -> Any:
    s = world.services
    return s.benches.start(viewer, s.domains.catalogue().domains["tiny"], s.engines.graders["offline"], 1)


def _save(world: World, viewer: Any) -> Any:
    text = world.services.versions.file(Kind.DOMAIN, "tiny")
    return world.services.versions.save(viewer, Kind.DOMAIN, "tiny", text or "", "A note")


def _spoken(world: World, viewer: Any) -> Any:
    """How Ann speaks, once she has spoken an answer."""
    told = {"words": 120, "fillers": 2, "speech": 60.0}
    with world.services.database.write() as session:
        said = update(Turn).where(Turn.interview_id == world.finished_id, Turn.number == 1)
        session.execute(said.values(input_mode="voice", delivery=told))
    with world.services.database.read() as session:
        return len(spoken.spoken_interviews(session, viewer.id))


def _placed(world: World, viewer: Any) -> Any:
    """Ann's place, once enough others practise and the programme shows it."""
    s, admin = world.services, world.viewer(Asker.ADMIN)
    places.set_places(s.people, admin, _tea(world), True)
    others = [
        s.people.add(f"{n}@example.org", "An other", "learner", cohort="Blue").id for n in range(placing.ENOUGH_OTHERS)
    ]
    with s.database.write() as session:
        for other in others:
            session.add(
                LearnerTrend(learner_id=other, domain="tiny", source="offline", sessions=1, weight=1.0, weight_y=-9.0)
            )
    with s.database.read() as session:
        return placing.placings(session, viewer.id, "offline")


def _try(world: World, viewer: Any) -> Any:
    s = world.services
    domain = s.domains.catalogue().domains["tiny"]
    question = domain.questions[0]
    task = domain.grade_task(question, asked=question.text, answer="I don't know.", level=question.level)
    return s.trials.start(viewer, s.engines.graders["offline"], task).result()


COMMANDS = [
    Command("accounts.manage.people_for", lambda w, v: any(p.id == w.ann for p in manage.people_for(w.services.database, v)), ANNS),
    Command("accounts.manage.invite", _invite("learner"), ANNS),
    Command("accounts.manage.invite", _invite("manager"), (ADMIN,), "of staff"),
    Command("accounts.manage.new_link", _link, (ADMIN,)),
    Command("accounts.manage.new_link", _link_without_password, ANNS, "an invitation"),
    Command("accounts.manage.mail_link", _mail, ANNS),
    Command("accounts.manage.set_role", _done(lambda w, v: manage.set_role(w.services.people, v, w.ann, "manager")), (ADMIN,)),
    Command("accounts.manage.set_disabled", _done(lambda w, v: manage.set_disabled(w.services.people, v, w.ann, True)), ANNS),
    Command("accounts.manage.set_cohorts", _move, (ADMIN,), "of another manager"),
    Command("accounts.manage.set_cohorts", _done(lambda w, v: manage.set_cohorts(w.services.people, v, w.ann, [w.blue])), ANNS),
    Command("accounts.manage.within_reach", _read(lambda w, v, s: s.scalar(select(Person.id).where(Person.id == w.ann, manage.within_reach(v)))), ANNS),
    Command("accounts.people.People.change_password", _done(lambda w, v: w.services.people.change_password(v, PASSWORD, "another sentence")), (ANN,)),
    Command("accounts.people.People.rename", _rename, (ANN,)),
    Command("accounts.people.People.cohorts_of", lambda w, v: any(c.id == w.blue for c in w.services.people.cohorts_of(v)), (ANN, *ANNS)),
    Command("accounts.places.programmes", lambda w, v: places.programmes(w.services.people, v), STAFF),
    Command("accounts.places.add_cohort", lambda w, v: places.add_cohort(w.services.people, v, "Programme", "Green"), (ADMIN,)),
    Command("accounts.places.rename_cohort", _done(lambda w, v: places.rename_cohort(w.services.people, v, w.blue, "Navy")), (ADMIN,)),
    Command("accounts.places.rename_programme", _done(lambda w, v: places.rename_programme(w.services.people, v, _tea(w), "Tea")), (ADMIN,)),
    Command("accounts.places.set_places", _done(lambda w, v: places.set_places(w.services.people, v, _tea(w), True)), (ADMIN,)),
    Command("accounts.places.set_sharing", _done(lambda w, v: places.set_sharing(w.services.people, v, _tea(w), True)), (ADMIN,)),
    Command("accounts.places.merge_cohorts", _done(lambda w, v: places.merge_cohorts(w.services.people, v, w.blue, w.red)), (ADMIN,)),
    Command("accounts.places.merge_programmes", _merge_programmes, (ADMIN,)),
    Command("budgets.spending.spending", lambda w, v: any(one.programme_id == _tea(w) for one in spending(w.services.people, v, w.services.now().date())), STAFF),
    Command("budgets.spending.set_budget", _done(lambda w, v: set_budget(w.services.people, v, _tea(w), Given(day_calls=1))), (ADMIN,)),
    Command("accounts.retention.set_retention", _done(lambda w, v: retention.set_retention(w.services.people, v, _tea(w), 90)), (ADMIN,)),
    Command("accounts.roster.preview_roster", _roster, ANNS),
    Command("accounts.roster.import_roster", _roster, ANNS),
    Command("accounts.sign_in_rules.rules", _done(lambda w, v: sign_in_rules.rules(w.services.people, v)), (ADMIN,)),
    Command("accounts.sign_in_rules.set_rule", lambda w, v: sign_in_rules.set_rule(w.services.people, v, "school.example", w.blue), (ADMIN,)),
    Command("accounts.sign_in_rules.remove_rule", _done(lambda w, v: sign_in_rules.remove_rule(w.services.people, v, "school.example")), (ADMIN,)),
    Command("accounts.transcripts.reach", _read(lambda w, v, s: reach(s, v, w.finished)), ANNS),
    Command("accounts.transcripts.open_interview", _opened, (ANN, *ANNS)),
    Command("accounts.transcripts.open_interview", lambda w, v: _opened(w, v).reads(2), (ANN,), "her words"),
    Command("accounts.transcripts.open_interview", lambda w, v: _opened(w, v).reads(2), (ANN, *ANNS), "her words, shared", shared=True),
    Command("quality.aliases.aliases_of", lambda w, v: aliases.aliases_of(w.services.database, v, "tiny") == [], (ADMIN,)),
    Command("quality.aliases.set_revoked", _done(lambda w, v: aliases.set_revoked(w.services.database, v, w.services.aliases, aliases.Alias("tiny", "a", "b", 2, False), True, w.services.now)), (ADMIN,)),
    Command("analytics.placing.placings", _placed, (ANN,)),
    Command("analytics.calibration.calibration", _read(lambda w, v, s: len(calibration.calibration(s, v.id))), (ANN,)),
    Command("analytics.calibration.surprises", _read(lambda w, v, s: calibration.surprises(s, v.id)), (ANN,)),
    Command("analytics.spoken.spoken_interviews", _spoken, (ANN,)),
    Command("analytics.queries.learner_interviews", _read(lambda w, v, s: len(queries.learner_interviews(s, v.id))), (ANN,)),
    Command("analytics.queries.learner_totals", _read(lambda w, v, s: len(queries.learner_totals(s, v.id))), (ANN,)),
    Command("analytics.queries.learner_skills", _read(lambda w, v, s: len(queries.learner_skills(s, v.id, "tiny", "offline"))), (ANN,)),
    Command("interview.goals.set_goal", _done(lambda w, v: goals.set_goal(w.services.database, v.id, _GOAL, ["tiny"], dt.date(2026, 1, 1))), SIGNED_IN),
    Command("interview.goals.drop_goal", _done(lambda w, v: goals.drop_goal(w.services.database, v.id)), SIGNED_IN),
    Command("interview.goals.goal_of", _own_goal, (ANN,)),
    Command("interview.goals.distance_to", _read(lambda w, v, s: goals.distance_to(s, v.id, _GOAL)), (ANN,)),
    Command("interview.next_practice.suggest", _suggested, (ANN,)),
    Command("interview.next_practice.practised", _read(lambda w, v, s: len(next_practice.practised(s, v.id))), (ANN,)),
    Command("interview.streaks.practice_days", _read(lambda w, v, s: len(streaks.practice_days(s, v.id, dt.UTC))), (ANN,)),
    Command("interview.overview.overview_of", _read(lambda w, v, s: overview.overview_of(s, v.id, w.services.domains.catalogue().domains).answered), (ANN,)),
    Command("interview.records.find_interview", _read(lambda w, v, s: records.find_interview(s, v.id, w.finished)), (ANN,)),
    Command("interview.search.search", _read(lambda w, v, s: search.search(s, v.id, search.Wanted(words="grandmother"))), (ANN,)),
    Command("interview.search.found", _read(lambda w, v, s: search.found(s, v.id, [w.finished_id])), (ANN,)),
    Command("interview.service.Interviews.start", lambda w, v: w.services.interviews.start(v.id, Plan("tiny")), SIGNED_IN),
    Command("interview.service.Interviews.view", lambda w, v: w.services.interviews.view(v.id, w.finished), (ANN,)),
    Command("interview.service.Interviews.owed", lambda w, v: w.services.interviews.owed(v.id, w.finished) == frozenset(), (ANN,)),
    Command("interview.service.Interviews.overview", lambda w, v: w.services.interviews.overview(v.id).answered, (ANN,)),
    Command("interview.service.Interviews.submit_answer", lambda w, v: w.services.interviews.submit_answer(v.id, w.open, 2, Words("Mine")), (ANN,)),
    Command("interview.service.Interviews.skip", lambda w, v: w.services.interviews.skip(v.id, w.open, 2), (ANN,)),
    Command("interview.service.Interviews.save_draft", _done(lambda w, v: w.services.interviews.save_draft(v.id, w.open, 2, "Mine")), (ANN,)),
    Command("interview.service.Interviews.hint", lambda w, v: w.services.interviews.hint(v.id, w.open, 2), (ANN,)),
    Command("interview.service.Interviews.end", _done(lambda w, v: w.services.interviews.end(v.id, w.open)), (ANN,)),
    Command("interview.service.Interviews.retry", _done(lambda w, v: w.services.interviews.retry(v.id, w.open, "grade", 1)), (ANN,)),
    Command("quality.benches.Benches.start", _bench, (ADMIN,)),
    Command("quality.benches.Benches.stop", _done(lambda w, v: w.services.benches.stop(v, w.run)), (ADMIN,)),
    Command("quality.benches.Benches.accept", _done(lambda w, v: w.services.benches.accept(w.run, v)), (ADMIN,)),
    Command("quality.benches.only_admins", _done(lambda w, v: only_admins(v)), (ADMIN,)),
    Command("quality.trials.Trials.start", _try, (ADMIN,)),
    Command("quality.versions.Versions.save", _save, (ADMIN,)),
    Command("quality.versions.Versions.put_to_use", _done(lambda w, v: w.services.versions.put_to_use(v, Kind.DOMAIN, "tiny", None)), (ADMIN,)),
    Command("quality.flags.Flags.flag", _done(lambda w, v: w.services.flags.flag(v.id, w.open, 1, FlagKind.WRONG)), (ANN,)),
    Command("quality.flags.Flags.close", _done(lambda w, v: w.services.flags.close(v, w.dispute, "It stands.")), ANNS, "a dispute"),
    Command("quality.flags.Flags.close", _done(lambda w, v: w.services.flags.close(v, w.flag, "Mended.")), (ADMIN,), "a question"),
    Command("quality.queues.flagged", _read(lambda w, v, s: s.execute(queues.flagged(v)).all()), ANNS),
    Command("quality.queues.waiting", _read(lambda w, v, s: queues.waiting(s, v)), ANNS),
    Command("quality.queues.flagged_questions", _read(lambda w, v, s: queues.flagged_questions(s, v, 9)), (ADMIN,)),
    Command("quality.queues.disputed_scores", _read(lambda w, v, s: queues.disputed_scores(s, v, 9)), ANNS),
    Command("quality.queues.answered", _answered, (ANN,)),
    Command("quality.regrading.Regrading.again", lambda w, v: w.services.regrading.again(v, w.finished, 1), ANNS, "a disputed answer"),
    Command("quality.regrading.Regrading.again", lambda w, v: w.services.regrading.again(v, w.finished, 2), NOBODY_AT_ALL, "any other"),
    Command("quality.regrading.Regrading.again", lambda w, v: w.services.regrading.again(v, w.finished, 2), ANNS, "any other, shared", shared=True),
    Command("quality.second_grades.SecondGrades.give", _done(lambda w, v: w.services.second_grades.give(v, w.finished, 1, 7, "Well put.")), ANNS, "a disputed answer"),
    Command("quality.second_grades.SecondGrades.give", _done(lambda w, v: w.services.second_grades.give(v, w.finished, 2, 7, "Well put.")), NOBODY_AT_ALL, "any other"),
    Command("quality.second_grades.SecondGrades.give", _done(lambda w, v: w.services.second_grades.give(v, w.finished, 2, 7, "Well put.")), ANNS, "any other, shared", shared=True),
    Command("quality.second_grades.SecondGrades.withdraw", _withdraw, ANNS),
    Command("speech.recordings.Recordings.store", _store, (ANN,)),
    Command("speech.recordings.Recordings.of_turn", _of_turn, (ANN,)),
    Command("speech.recordings.Recordings.take", _take, (ANN,)),
    Command("speech.recordings.Recordings.discard", _discard, (ANN,)),
    Command("speech.recordings.Recordings.kept", _kept, (ANN,)),
    Command("speech.recordings.Recordings.count_kept", _count_kept, (ANN,)),
    Command("speech.recordings.Recordings.forget_kept", _forget_kept, (ANN,)),
    Command("accounts.playback.listen_to", _listen(sent=False), (ANN,), "one that is not sent"),
    Command("accounts.playback.listen_to", _listen(sent=True), (ANN,), "a kept one"),
    Command("accounts.playback.listen_to", _listen(sent=True), (ANN, *ANNS), "a kept one, shared", shared=True),
    Command("accounts.assignments.assign", _assign, ANNS),
    Command("accounts.assignments.withdraw", _withdraw_assignment, ANNS),
    Command("accounts.assignments.open_tasks", _tasks, (ANN,)),
    Command("accounts.score_exports.begin_export", lambda w, v: score_exports.begin_export(w.services.database, v, w.blue, w.services.now(), named=True), ANNS),
    Command("accounts.score_exports.note_export", _done(lambda w, v: score_exports.note_export(w.services.database, v, [w.ann], w.services.now())), ANNS),
    Command("accounts.contacts.note_contact", _done(lambda w, v: contacts.note_contact(w.services.database, v, w.ann, "Called.", w.services.now())), ANNS),
    Command("accounts.share_links.ShareLinks.create", lambda w, v: w.services.share_links.create(v.id, w.finished, 7), (ANN,)),
    Command("accounts.share_links.ShareLinks.of", _links_of, (ANN,)),
    Command("accounts.share_links.ShareLinks.revoke", _revoke, (ANN,)),
]  # fmt: skip

UNGUARDED = {
    "accounts.transcripts.noted_lately": "looks only at what its caller did, and gives none of it away",
    "rehearsal.rehearse": "the command line's, whose user owns the database",
}
"""Commands that name a learner but are not tried, and why."""
