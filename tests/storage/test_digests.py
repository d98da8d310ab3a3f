"""Letters to managers about who may need a call: their own learners, by their own thresholds, and nobody just called."""

import datetime as dt
from pathlib import Path

import pytest

from core.accounts.contacts import note_contact
from core.accounts.digests import Digest, digests
from core.accounts.sessions import viewer_from
from core.analytics.attention import Thresholds
from core.bootstrap import Services
from core.storage.tables import Person
from tests.post_office import running_post_office
from tests.terminal import Terminal


@pytest.fixture
def theo(services: Services) -> Person:
    """The manager of a cohort with two learners who never began."""
    for name in ("ann", "bob"):
        services.people.add(f"{name}@example.org", name.title(), "learner", cohort="Spring")
    services.people.add("eve@example.org", "Eve", "learner", cohort="Autumn")
    return services.people.add("theo@example.org", "Theo", "manager", cohort="Spring")


def letters(services: Services, days: int = 20, email: str | None = None) -> list[Digest]:
    now = services.now() + dt.timedelta(days=days)
    return list(digests(services.people, {}, "https://viva.example.org", now, email=email))


def test_a_manager_is_told_of_their_own_learners_with_the_way_to_them(services: Services, theo: Person) -> None:
    (letter,) = letters(services)
    assert (letter.email, letter.learners) == (theo.email, 2)
    assert "- Ann: No interview yet, 20 days after joining." in letter.text
    assert "Eve" not in letter.text
    spring = services.people.ensure_cohort(None, "Spring").public_id
    assert f"https://viva.example.org/Cohorts?cohort={spring}&view=Who+needs+a+call" in letter.text


def test_nobody_gets_a_letter_about_nobody(services: Services, theo: Person) -> None:
    assert letters(services, days=3) == []
    assert letters(services, email="max@example.org") == []


def test_the_thresholds_are_those_that_the_manager_keeps(services: Services, theo: Person) -> None:
    services.people.save_settings(theo.id, **Thresholds(idle_days=30).as_setting())
    assert letters(services) == []
    assert letters(services, days=31)[0].learners == 2


def test_who_was_called_in_the_last_days_is_left_out(services: Services, theo: Person) -> None:
    ann = services.people.find_by_email("ann@example.org")
    assert ann is not None
    called = services.now() + dt.timedelta(days=18)
    note_contact(services.database, viewer_from(theo), ann.id, "All well.", called)
    assert "Ann" not in letters(services)[0].text
    assert "Ann" in letters(services, days=30)[0].text


def test_a_closed_account_gets_no_letter(services: Services, theo: Person) -> None:
    services.people.disable(theo.id)
    assert letters(services) == []


@pytest.mark.parametrize("kept", [None, "x", {"idle_days": "many"}, {"idle_days": 0}, {"unknown": 3}])
def test_settings_that_can_not_be_used_are_as_if_none_were_kept(kept: object) -> None:
    assert Thresholds.of({"attention": kept}) == Thresholds()


def test_the_command_prints_the_letters_or_sends_them(
    services: Services,
    theo: Person,
    ready_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    run = Terminal(capsys, monkeypatch, tmp_path / "var")  # its clock is the real one: they have been away for long
    monkeypatch.setenv("VIVA_DATABASE_URL", ready_url)
    printed = run("digest", "--user", theo.email)
    assert printed.out.startswith("To: theo@example.org\nSubject: Learners who may need a call\n")
    assert run("digest", "--send").status == 2
    assert run("digest", "--user", "ann@example.org").status == 2
    with running_post_office() as office:
        monkeypatch.setenv("VIVA_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("VIVA_SMTP_PORT", str(office.port))
        monkeypatch.setenv("VIVA_SMTP_SECURITY", "none")
        monkeypatch.setenv("VIVA_SMTP_FROM", "viva@example.org")
        monkeypatch.setenv("VIVA_PUBLIC_URL", "https://viva.example.org")
        assert run("digest", "--send").out == "Sent 1 letter.\n"
        office.refused.add(theo.email)
        assert run("digest", "--send").status == 1
    (letter,) = office.letters
    assert letter["To"] == theo.email
    assert "Ann" in letter.get_content()
