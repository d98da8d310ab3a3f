"""Rosters: good rows go in, bad ones are named by line, and a second import changes nothing; on both databases."""

import pytest
from sqlalchemy import select

from core.accounts import roster, roster_file
from core.accounts.people import People
from core.accounts.permissions import Role, Viewer
from core.accounts.roster import RosterReport, import_roster, preview_roster
from core.storage.database import Database
from core.storage.tables import Audit, Cohort, Enrolment, Person, Programme
from tests.hall import Clock
from tests.storage.rows import all_rows

HEADER = "email,name,cohort\n"


@pytest.fixture
def people(database: Database) -> People:
    return People(database, Clock())


def told(report: RosterReport) -> tuple[int, int, int, list[str]]:
    return report.added, report.changed, report.unchanged, report.faults


def members(database: Database) -> dict[str, set[str]]:
    """Who is in which cohort."""
    with database.read() as session:
        rows = session.execute(
            select(Cohort.name, Person.email).join(Enrolment, Enrolment.cohort_id == Cohort.id).join(Person)
        ).all()
    found: dict[str, set[str]] = {}
    for cohort, email in rows:
        found.setdefault(cohort, set()).add(email)
    return found


def test_people_come_in_with_their_cohorts_and_without_a_password(people: People, database: Database) -> None:
    text = f"{HEADER}Ann@example.org,Ann Ö,Spring\nbea@example.org,,Spring\ncid@example.org,Cid,\n"
    report = import_roster(people, text.encode())
    assert told(report) == (3, 0, 0, [])
    assert report.summary == "3 added, 0 changed, 0 as they were."
    assert members(database) == {"Spring": {"ann@example.org", "bea@example.org"}}
    with database.read() as session:
        rows = session.execute(select(Person.name, Person.role, Person.password_hash).order_by(Person.id)).all()
    assert [tuple(row) for row in rows] == [
        ("Ann Ö", "learner", None),
        ("bea", "learner", None),
        ("Cid", "learner", None),
    ]


def test_the_same_file_again_changes_nothing(people: People, database: Database) -> None:
    content = f"{HEADER}ann@example.org,Ann,Spring\nbea@example.org,,Spring\n".encode()
    import_roster(people, content)
    before = all_rows(database)
    assert told(import_roster(people, content)) == (0, 0, 2, [])
    assert all_rows(database) == before


def test_a_change_is_made_and_told(people: People, database: Database) -> None:
    import_roster(people, f"{HEADER}ann@example.org,Ann,Spring\nbea@example.org,Bea,Spring\n")
    report = import_roster(people, f"{HEADER}ann@example.org,Ann Lee,Spring\nbea@example.org,,Autumn\n")
    assert told(report) == (0, 2, 0, [])
    assert members(database) == {"Spring": {"ann@example.org", "bea@example.org"}, "Autumn": {"bea@example.org"}}
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.name == "Ann Lee"


def test_a_person_who_has_signed_in_keeps_the_name_they_chose(people: People) -> None:
    people.add("ann@example.org", "Annie", "learner", password="correct horse battery")
    assert told(import_roster(people, f"{HEADER}ann@example.org,ANN LEE,\n")) == (0, 0, 1, [])
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.name == "Annie"


def test_every_row_that_can_not_be_used_is_named_by_its_line_and_the_others_go_in(
    people: People, database: Database
) -> None:
    people.add("max@example.org", "Max", "manager")
    people.add("maya@sample.example.org", "Maya", "learner", is_sample=True)
    rows = [
        "ann@example.org,Ann,Spring,",
        "not an address,X,Spring,",
        "",
        f"bea@example.org,{'B' * 121},Spring,",
        "cid@example.org,Cid,Spring,boss",
        "dan@example.org,Dan,Spring,admin",
        "max@example.org,Max,Spring,learner",
        "maya@sample.example.org,Maya,Spring,",
        "eve@example.org,Eve,Spring,,one cell too many",
        f"fay@example.org,Fay,{'c' * 201},",
        "gus@example.org,Gus,Spring,manager",
    ]
    report = import_roster(people, "email,name,cohort,role\n" + "\n".join(rows))
    assert [int(fault.removeprefix("Line ").partition(":")[0]) for fault in report.faults] == [3, 5, 6, 7, 8, 9, 10, 11]
    assert all(fault.endswith(".") and fault.count("\n") == 0 for fault in report.faults)
    assert told(report)[:3] == (2, 0, 0)
    assert report.summary == "2 added, 0 changed, 0 as they were, 8 left out."
    assert members(database) == {"Spring": {"ann@example.org", "gus@example.org"}}


def test_somebody_named_twice_is_added_once_and_put_into_both_cohorts(people: People, database: Database) -> None:
    report = import_roster(people, f"{HEADER}ann@example.org,Ann,Spring\nANN@example.org,Ann,Autumn\n")
    assert told(report) == (1, 1, 0, [])
    assert members(database) == {"Spring": {"ann@example.org"}, "Autumn": {"ann@example.org"}}


def test_the_line_is_that_of_the_file_where_a_cell_has_line_breaks(people: People) -> None:
    report = import_roster(people, f'{HEADER}ann@example.org,"Ann\nLee",Spring\nnobody,N,\n')
    assert [fault.partition(":")[0] for fault in report.faults] == ["Line 4"]
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.name == "Ann Lee"


@pytest.mark.parametrize(
    "content",
    [
        "email;name;cohort\nann@example.org;Ann Ö;Spring\n".encode(),
        "email\tname\tcohort\r\nann@example.org\tAnn Ö\tSpring\r\n".encode(),
        f"\n\n{HEADER}ann@example.org,Ann Ö,Spring".encode("utf-8-sig"),
        f"{HEADER}ann@example.org,Ann Ö,Spring\n".encode("utf-16"),
        b'"cohort","Email",\n"Spring","ann@example.org",\n',
        b" EMAIL , Name ,COHORT\nann@example.org,Ann,Spring\n",
    ],
)
def test_what_spreadsheets_write_is_read(people: People, database: Database, content: bytes) -> None:
    assert told(import_roster(people, content)) == (1, 0, 0, [])
    assert members(database) == {"Spring": {"ann@example.org"}}


def test_another_encoding_is_read_and_told(people: People) -> None:
    report = import_roster(people, f"{HEADER}ann@example.org,Ann Öztürk,Spring\n".encode("cp1252"))
    assert "Windows-1252" in report.summary
    found = people.find_by_email("ann@example.org")
    assert found is not None
    assert found.name == "Ann Öztürk"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "first line must name"),
        (b"name,cohort\nAnn,Spring\n", "first line must name"),
        (b"email,nmae\nann@example.org,Ann\n", "nmae"),
        (b"PK\x03\x04\x00\x00zip", "CSV"),
        (b"email,name\nann@example.org,\x81\x8d\n", "letters can't be read"),
        (b"\xff\xfee", "letters can't be read"),
        (b'email,name\nann@example.org,"' + b"x" * 200_000, "isn't CSV"),
        (b"email\n" + b"x" * roster_file.LARGEST, "larger than 20 MB"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_whole(
    people: People, database: Database, content: bytes, words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        import_roster(people, content)
    assert str(caught.value).endswith(".")
    with database.read() as session:
        assert session.scalars(select(Person)).all() == []


def test_too_many_rows_are_refused_before_the_first_goes_in(
    people: People, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_file, "MOST_ROWS", 3)
    with pytest.raises(ValueError, match="more than 3 rows"):
        import_roster(people, HEADER + "".join(f"p{number}@example.org,,\n" for number in range(4)))
    with database.read() as session:
        assert session.scalars(select(Person)).all() == []


def test_more_rows_than_one_transaction_takes_all_go_in(people: People, database: Database) -> None:
    rows = 2 * roster.BATCH + 1
    report = import_roster(people, HEADER + "".join(f"p{number}@example.org,,Spring\n" for number in range(rows)))
    assert told(report) == (rows, 0, 0, [])
    assert len(members(database)["Spring"]) == rows


def test_programmes_keep_cohorts_of_one_name_apart(people: People, database: Database) -> None:
    text = "email,cohort,programme\nann@example.org,Blue,Tea\nbea@example.org,Blue,Coffee\ncid@example.org,Blue,\n"
    report = import_roster(people, text)
    assert told(report)[:3] == (2, 0, 0)
    assert len(report.faults) == 1
    assert "name the programme too" in report.faults[0]
    with database.read() as session:
        assert sorted(session.scalars(select(Programme.name))) == ["Coffee", "Tea"]
        assert len(session.scalars(select(Cohort)).all()) == 2
        assert session.scalar(select(Person.id).filter_by(email="cid@example.org")) is None


def test_hostile_names_are_only_text(people: People, database: Database) -> None:
    names = ["=cmd|'/c calc'!A1", "<script>alert(1)</script>", "![x](http://example.org/x)", "'; DROP TABLE person; --"]
    import_roster(people, HEADER + "".join(f'p{number}@example.org,"{name}",\n' for number, name in enumerate(names)))
    with database.read() as session:
        assert session.scalars(select(Person.name).order_by(Person.id)).all() == names


def test_a_name_with_hidden_direction_marks_is_left_out(people: People) -> None:
    assert len(import_roster(people, f"{HEADER}ann@example.org,An\u202en,\n").faults) == 1


def test_what_an_import_did_is_written_down(people: People, database: Database) -> None:
    import_roster(people, f"{HEADER}ann@example.org,Ann,Spring\n")
    import_roster(people, f"{HEADER}ann@example.org,Ann,Autumn\n")
    with database.read() as session:
        assert session.scalars(select(Audit.action).order_by(Audit.id)).all() == ["roster.added", "roster.changed"]


FILE = """email,name,cohort
ann@example.org,Ann Lee,Spring
bea@example.org,Bea,Autumn
BEA@example.org,Bea,Winter
nobody,N,Spring
"""


def test_a_preview_says_what_the_import_will_do_and_changes_nothing(people: People, database: Database) -> None:
    import_roster(people, f"{HEADER}ann@example.org,Ann,Spring\n")
    before = all_rows(database)
    preview = preview_roster(people, FILE)
    assert all_rows(database) == before
    assert [(entry.line, entry.outcome) for entry in preview.entries] == [(2, "changed"), (3, "added"), (4, "changed")]
    assert preview.new_cohorts == ["My programme ▸ Autumn", "My programme ▸ Winter"]
    assert [fault.partition(":")[0] for fault in preview.faults] == ["Line 5"]
    assert import_roster(people, FILE) == preview


def signed_in(people: People, name: str, role: Role) -> Viewer:
    person = people.add(f"{name}@example.org", name.title(), role, cohort="Spring" if role is Role.MANAGER else None)
    return Viewer(person.id, person.public_id, person.email, person.name, role)


def test_a_manager_brings_learners_into_their_own_cohorts_only(people: People, database: Database) -> None:
    max_ = signed_in(people, "max", Role.MANAGER)
    people.add("bob@example.org", "Bob", "learner", cohort="Autumn")
    rows = [
        "ann@example.org,Ann,Spring,",
        "bea@example.org,Bea,Autumn,",
        "cid@example.org,Cid,,",
        "dan@example.org,Dan,Spring,manager",
        "bob@example.org,Robert,Spring,",
        "eve@example.org,Eve,Nowhere,",
    ]
    report = import_roster(people, "email,name,cohort,role\n" + "\n".join(rows), max_)
    assert [fault.partition(":")[0] for fault in report.faults] == [f"Line {line}" for line in (3, 4, 5, 6, 7)]
    assert members(database) == {
        "Spring": {"max@example.org", "ann@example.org"},
        "Autumn": {"bob@example.org"},
    }
    found = people.find_by_email("bob@example.org")
    assert found is not None
    assert found.name == "Bob"


def test_learners_import_nobody(people: People) -> None:
    ann = signed_in(people, "ann", Role.LEARNER)
    for command in (preview_roster, import_roster):
        with pytest.raises(ValueError, match="Only managers and administrators"):
            command(people, FILE, ann)


def test_an_import_names_who_did_it(people: People, database: Database) -> None:
    ada = signed_in(people, "ada", Role.ADMIN)
    import_roster(people, f"{HEADER}ann@example.org,Ann,Spring\n", ada)
    with database.read() as session:
        assert session.scalars(select(Audit.actor_id).filter_by(action="roster.added")).all() == [ada.id]


def test_what_a_sample_administrator_imports_are_sample_people(people: People, database: Database) -> None:
    ada = people.add("ada@sample.example.org", "Ada", "admin", is_sample=True)
    people.add("rae@example.org", "Rae", "learner")
    viewer = Viewer(ada.id, ada.public_id, ada.email, ada.name, Role.ADMIN, is_sample=True)
    report = import_roster(people, f"{HEADER}ann@example.org,Ann,Spring\nrae@example.org,Rae,Spring\n", viewer)
    assert report.faults == ["Line 3: rae@example.org is a real person; real people and sample people don't mix."]
    with database.read() as session:
        assert session.scalar(select(Person.is_sample).filter_by(email="ann@example.org")) is True
        assert session.scalar(select(Cohort.is_sample).filter_by(name="Spring")) is True
