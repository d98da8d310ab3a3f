"""One file is one domain: it appears, breaks and goes without any other change."""

import shutil

from tests.app.conftest import Site
from tests.hall import DOMAINS


def test_a_new_file_is_a_new_domain_at_the_next_look(site: Site) -> None:
    ann = site.visit().open("Practise")
    assert ann.tab.pills[0].options == ["Tea Making"]
    text = (DOMAINS / "tiny.yaml").read_text("utf-8").replace("Tea Making", "Coffee Making")
    (site.prompts / "domains" / "coffee.yaml").write_text(text, "utf-8")
    assert ann.again().tab.pills[0].options == ["Coffee Making", "Tea Making"]
    ann.tab.pills[0].select("coffee")
    ann.again().press("Start the interview")
    assert "Coffee Making · question 1 of 10" in ann.text


def test_a_domain_in_the_address_stays_chosen_until_another_is(site: Site) -> None:
    text = (DOMAINS / "tiny.yaml").read_text("utf-8").replace("Tea Making", "Coffee Making")
    (site.prompts / "domains" / "coffee.yaml").write_text(text, "utf-8")
    ann = site.visit().open("Practise", domain="tiny").again()
    assert ann.tab.pills[0].value == "tiny"
    ann.tab.pills[0].select("coffee")
    assert ann.again().again().tab.pills[0].value == "coffee"


def test_a_broken_file_is_told_and_hides_no_other(site: Site) -> None:
    (site.prompts / "domains" / "broken.yaml").write_text("name: Broken\nskills: [", "utf-8")
    ann = site.visit().open("Practise")
    assert "A domain could not be loaded: broken.yaml:" in ann.text
    assert ann.tab.pills[0].options == ["Tea Making"]


def test_a_file_that_breaks_while_it_is_in_use_leaves_its_interviews_going(site: Site) -> None:
    ann = site.visit().begin(questions=2)
    (site.prompts / "domains" / "tiny.yaml").write_text("name: [", "utf-8")
    ann.send("With hot water.").send("I would ask the guest.").graded()
    assert "2 of 2 answers graded" in ann.text


def test_without_a_domain_the_page_says_what_to_do(site: Site) -> None:
    (site.prompts / "domains" / "tiny.yaml").unlink()
    ann = site.visit().open("Practise")
    assert ann.problems == ["There is no domain to practise yet: add a file under prompts/domains/."]


def test_an_interview_whose_domain_is_gone_says_so_and_goes_on_when_it_is_back(site: Site) -> None:
    ann = site.visit().begin(questions=2)
    file = site.prompts / "domains" / "tiny.yaml"
    kept = file.read_text("utf-8")
    file.unlink()
    ann.send("With hot water.")
    assert ann.problems == [
        "The questions of this domain can't be read at the moment; whoever runs Viva can mend that."
    ]
    file.write_text(kept, "utf-8")
    assert "question 2 of 2" in ann.press("Try again").text


def test_the_report_of_an_interview_whose_domain_is_gone_can_be_read(site: Site) -> None:
    ann = site.visit().begin(questions=1).send("With hot water.").graded()
    public_id = ann.interview.public_id
    shutil.rmtree(site.prompts / "domains")
    again = site.return_of(ann.person_id).open("Review", interview=public_id)
    assert again.title == "Tiny"
    assert "With hot water." in again.text
