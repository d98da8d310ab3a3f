from core.storage.database import Database
from core.storage.tables import Programme


def test_a_written_row_can_be_read(database: Database) -> None:
    with database.write() as session:
        session.add(Programme(name="A"))
    with database.read() as session:
        assert session.query(Programme).one().name == "A"
