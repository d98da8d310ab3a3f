"""Recordings are stored at once and whole, and gone when their answer is sent, unless they are kept; on both databases."""

import datetime as dt
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import erase_person, export_person
from core.accounts.playback import listen_to
from core.analytics.spoken import spoken_interviews
from core.bootstrap import Services, build
from core.engines.base import Fault, ServiceError
from core.interview.model import Phase
from core.interview.service import Plan, Words
from core.speech.delivery import Sound
from core.speech.recording_files import folder_for
from core.speech.recordings import HEARD, KEEP, KEPT, NEW, TAKEN, Recorded
from core.storage.migrate import migrate
from core.storage.recording_tables import Recording
from core.storage.tables import Audit, Turn
from core.storage.tables import Interview as InterviewRow
from tests.unit.test_audio import tone, wav

SOUND, OTHER = wav(tone(1.0)), wav(tone(2.0))
PATIENCE = 20.0


class Room:
    """Ann before the first question of an interview, and the folder of recordings."""

    def __init__(self, services: Services) -> None:
        self.services, self.recordings = services, services.recordings
        self.folder = folder_for(services.settings.data_dir, services.database.engine.url)
        self.ann = services.people.add("ann@example.org", "Ann", "learner", cohort="Spring").id
        self.interview = self.begin()

    def begin(self) -> str:
        public_id = self.services.interviews.start(self.ann, Plan("tiny", level=3, questions=2))
        end = time.monotonic() + PATIENCE
        while self.services.interviews.view(self.ann, public_id).phase is not Phase.ANSWERING:
            assert time.monotonic() < end
            time.sleep(0.01)
        return public_id

    def store(self, data: bytes = SOUND, number: int = 1) -> Recorded:
        return self.recordings.store(self.ann, self.interview, number, data)[0]

    def take(self, data: bytes = SOUND, words: str = "I warm the pot") -> Recorded:
        """A recording whose text is in the box."""
        row = self.store(data)
        self.recordings.written_down(row.id, words, words)
        self.recordings.take(self.ann, self.interview, row.id)
        return row

    def send(self) -> None:
        self.services.interviews.submit_answer(self.ann, self.interview, 1, Words("I warm the pot.", "voice"))

    def keep(self) -> None:
        self.services.people.save_settings(self.ann, **{KEEP: True})

    def states(self) -> list[str]:
        with self.services.database.read() as session:
            return list(session.scalars(select(Recording.state).order_by(Recording.id)))

    @property
    def files(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.folder.glob("*"), key=lambda path: path.stat().st_size)]

    def viewer(self, name: str, role: str, cohort: str | None = None) -> Viewer:
        person = self.services.people.add(f"{name}@example.org", name.title(), role, cohort=cohort)
        return Viewer(person.id, person.public_id, person.email, person.name, Role(role))


@pytest.fixture
def room(services: Services) -> Room:
    return Room(services)


def test_a_recording_is_stored_whole_under_a_name_that_says_nothing_for_our_own_account_alone(room: Room) -> None:
    row = room.store()
    assert (row.state, row.media, row.seconds, row.here) == (NEW, "audio/wav", 1.0, True)
    (path,) = room.folder.iterdir()
    assert path.read_bytes() == SOUND
    assert (path.stat().st_mode & 0o777, room.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(path.name) == 32
    assert room.interview not in path.name


def test_what_is_no_recording_at_all_is_stored_too(room: Room) -> None:
    row = room.store(b"%PDF-1.7 and so on")
    assert (row.media, row.seconds) == ("application/octet-stream", None)
    assert room.files == [b"%PDF-1.7 and so on"]


def test_the_next_recording_takes_the_place_of_one_that_was_never_written_down(room: Room) -> None:
    room.store()
    room.store(OTHER)
    assert room.files == [OTHER]
    assert room.states() == [NEW]


def test_the_next_recording_takes_the_file_of_one_that_was_written_down_and_leaves_its_text(room: Room) -> None:
    room.take()
    room.store(OTHER)
    assert room.files == [OTHER]
    first, second = room.recordings.of_turn(room.ann, room.interview, 1)
    assert (first.state, first.raw, first.here) == (TAKEN, "I warm the pot", False)
    assert (second.state, second.here) == (NEW, True)


def test_the_same_recording_twice_is_stored_once(room: Room) -> None:
    assert room.store().id == room.store().id
    assert len(room.files) == 1


def test_nobody_stores_or_sees_a_recording_in_another_s_interview(room: Room) -> None:
    lee = room.viewer("lee", "learner").id
    row = room.store()
    attempts: list[Any] = [
        lambda: room.recordings.store(lee, room.interview, 1, OTHER),
        lambda: room.recordings.of_turn(lee, room.interview, 1),
        lambda: room.recordings.kept(lee, room.interview),
        lambda: room.recordings.take(lee, room.interview, row.id),
        lambda: room.recordings.discard(lee, room.interview, row.id),
    ]
    for attempt in attempts:
        with pytest.raises(ServiceError) as caught:
            attempt()
        assert caught.value.kind is Fault.NOT_FOUND
    assert room.files == [SOUND]


def test_a_recording_to_a_closed_question_is_refused_and_leaves_no_file(room: Room) -> None:
    room.send()
    with pytest.raises(ServiceError, match="closed"):
        room.store()
    assert room.files == []


@pytest.mark.parametrize("close", ["send", "skip", "end"])
def test_when_the_question_is_closed_the_recording_is_gone(room: Room, close: str) -> None:
    room.take()
    room.store(OTHER)
    if close == "send":
        room.send()
    elif close == "skip":
        room.services.interviews.skip(room.ann, room.interview, 1)
    else:
        room.services.interviews.end(room.ann, room.interview)
    assert room.files == []
    assert room.states() == []


def test_of_somebody_who_keeps_recordings_those_in_the_answer_stay(room: Room) -> None:
    room.keep()
    room.take()
    room.take(OTHER, "and taste it")
    room.send()
    assert room.files == [SOUND, OTHER]
    assert [row.seconds for row in room.recordings.kept(room.ann, room.interview)[1]] == [1.0, 2.0]
    assert room.recordings.count_kept(room.ann) == 2
    assert room.recordings.forget_kept(room.ann) == 2
    assert (room.files, room.states()) == ([], [])


def test_what_is_not_in_the_answer_is_not_kept(room: Room) -> None:
    room.keep()
    room.store()
    room.send()
    assert room.files == []


def test_a_discarded_recording_is_gone_and_one_in_the_box_is_not_discarded(room: Room) -> None:
    taken = room.take()
    room.recordings.discard(room.ann, room.interview, taken.id)
    assert room.files == [SOUND]
    row = room.store(OTHER)
    room.recordings.discard(room.ann, room.interview, row.id)
    assert room.files == []
    assert room.states() == [TAKEN]


def test_a_fault_is_remembered_until_it_is_written_down(room: Room) -> None:
    row = room.store()
    room.recordings.failed(row.id, ServiceError(Fault.BUSY, "Too busy just now."))
    (shown,) = room.recordings.of_turn(room.ann, room.interview, 1)
    assert (shown.fault, shown.sentence) == (Fault.BUSY, "Too busy just now.")
    room.recordings.written_down(row.id, "raw", "right")
    (shown,) = room.recordings.of_turn(room.ann, room.interview, 1)
    assert (shown.state, shown.raw, shown.corrected, shown.fault) == (HEARD, "raw", "right", None)


def test_a_disk_that_takes_nothing_leaves_the_recording_in_memory_with_the_reason(room: Room) -> None:
    room.folder.parent.mkdir(parents=True, exist_ok=True)
    room.folder.write_text("a file where the folder should be")
    row, reason = room.recordings.store(room.ann, room.interview, 1, SOUND)
    assert reason
    assert row.here
    assert room.recordings.files.read(row.name or "") == SOUND
    room.send()
    assert room.recordings.files.read(row.name or "") is None


def age(path: Path) -> None:
    hours_ago = time.time() - 7200
    os.utime(path, (hours_ago, hours_ago))


def test_the_sweep_removes_what_a_crash_left_and_nothing_that_is_wanted(room: Room) -> None:
    room.store()
    for path in room.folder.iterdir():
        age(path)
    for name in ("of-no-row", "half.part"):
        (room.folder / name).write_bytes(b"sound")
        age(room.folder / name)
    (room.folder / "being-written.part").write_bytes(b"so")
    room.services.sweeper.sweep()
    assert room.files == [b"so", SOUND]


def test_the_sweep_settles_an_answer_after_which_the_server_died(room: Room) -> None:
    room.take()
    with room.services.database.write() as session:  # the answer is stored, and the power goes
        session.execute(update(Turn).where(Turn.number == 1).values(answer="I warm the pot."))
    room.services.sweeper.sweep()
    assert (room.files, room.states()) == ([], [])


def test_a_recording_of_an_interview_that_is_left_open_goes_after_a_week(room: Room) -> None:
    room.take(words="stays in the draft")
    room.store(OTHER)
    with room.services.database.write() as session:
        session.execute(update(Recording).values(made_at=room.services.now() - dt.timedelta(days=8)))
    room.services.sweeper.sweep()
    for path in room.folder.iterdir():
        age(path)
    room.services.sweeper.sweep()
    assert room.files == []
    assert [row.raw for row in room.recordings.of_turn(room.ann, room.interview, 1)] == ["stays in the draft"]


def test_a_recording_is_named_in_the_export_and_erased_with_its_learner(room: Room) -> None:
    room.keep()
    room.take()
    room.send()
    spoken = export_person(room.services.database, "ann@example.org")["interviews"][0]["turns"][0]["recordings"]
    assert [(entry["state"], entry["seconds"], entry["media"]) for entry in spoken] == [(KEPT, 1.0, "audio/wav")]
    json.dumps(spoken)
    erase_person(room.services.database, "ann@example.org", room.services.now(), room.recordings.files)
    assert (room.files, room.states()) == ([], [])


def test_a_recording_goes_with_its_interview(room: Room) -> None:
    room.keep()
    room.take()
    room.send()
    with room.services.database.write() as session:
        interview = session.scalars(select(InterviewRow)).one()
        session.execute(update(Recording).values(interview_id=interview.id))
        session.delete(interview)
    for path in room.folder.iterdir():
        age(path)
    room.services.sweeper.sweep()
    assert (room.files, room.states()) == ([], [])


def kept_name(room: Room) -> str:
    room.keep()
    room.take()
    room.send()
    return room.recordings.kept(room.ann, room.interview)[1][0].name or ""


def listen(room: Room, viewer: Viewer, name: str) -> bool:
    try:
        listen_to(room.services.database, viewer, name, room.services.now())
    except ServiceError:
        return False
    return True


def test_a_kept_recording_is_for_its_learner_and_for_staff_who_may_read_the_words(room: Room) -> None:
    name = kept_name(room)
    max_, eve = room.viewer("max", "manager", "Spring"), room.viewer("eve", "manager", "Autumn")
    lee, ann = room.viewer("lee", "learner", "Spring"), Viewer(room.ann, "", "ann@example.org", "Ann", Role.LEARNER)
    assert [listen(room, viewer, name) for viewer in (ann, max_, eve, lee)] == [True, False, False, False]
    room.services.people.share_transcripts(room.ann, True)
    assert [listen(room, viewer, name) for viewer in (ann, max_, max_, eve, lee)] == [True, True, True, False, False]
    with room.services.database.read() as session:
        played = session.execute(select(Audit.actor_id, Audit.detail).filter_by(action="recording.played")).all()
    assert [tuple(row) for row in played] == [(max_.id, {"interview": room.interview, "turn": 1})]


def test_staff_never_hear_a_recording_that_is_not_sent(room: Room) -> None:
    room.services.people.share_transcripts(room.ann, True)
    name = room.take().name or ""
    assert not listen(room, room.viewer("max", "manager", "Spring"), name)
    assert not listen(room, room.viewer("ada", "admin"), name)


@pytest.mark.parametrize("name", ["", "../viva.db", "x" * 32, "\0"])
def test_a_made_up_name_plays_nothing(room: Room, name: str) -> None:
    room.store()
    assert not listen(room, room.viewer("ada", "admin"), name)


def test_another_database_in_the_same_data_folder_sweeps_nothing_of_this_one(room: Room, tmp_path: Path) -> None:
    room.store()
    for path in room.folder.iterdir():
        age(path)
    settings = room.services.settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{tmp_path}/other.db")})
    other = build(settings)
    migrate(other.database)
    other.sweeper.sweep()
    other.database.close()
    assert room.files == [SOUND]


def test_how_an_answer_was_spoken_is_stored_with_it_and_seen_over_time(room: Room) -> None:
    row = room.store()
    said = "Um, I think " + "warm the pot " * 10
    room.recordings.written_down(row.id, said, said, Sound(21.0, 20.0, 4, 1, noisy=False))
    room.recordings.take(room.ann, room.interview, row.id)
    room.services.interviews.submit_answer(
        room.ann, room.interview, 1, Words("I warm the pot.", "voice", said, "I warm the pot.")
    )
    turn = room.services.interviews.view(room.ann, room.interview).turns[0]
    assert turn.delivery == {
        "words": 33, "hedges": 1, "repeated": 0, "longest": 33, "long_sentences": 1,
        "fillers": 1, "speech": 20.0, "pauses": 4, "long_pauses": 1,
    }  # fmt: skip
    with room.services.database.read() as session:
        frame = spoken_interviews(session, room.ann, "tiny")
        assert spoken_interviews(session, room.ann, "coffee").empty
    assert frame[["public_id", "pace", "fillers", "answers"]].values.tolist() == [[room.interview, 99.0, 3.0, 1]]


def test_a_typed_answer_is_no_spoken_one(room: Room) -> None:
    room.take()
    room.services.interviews.submit_answer(room.ann, room.interview, 1, Words("Perhaps I warm the pot."))
    turn = room.services.interviews.view(room.ann, room.interview).turns[0]
    assert turn.delivery is not None
    assert (turn.delivery["hedges"], "speech" in turn.delivery) == (1, False)
    with room.services.database.read() as session:
        assert spoken_interviews(session, room.ann).empty
