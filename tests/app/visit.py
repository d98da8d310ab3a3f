"""One person's tab, without a browser: the whole app is run, and what it shows is read."""

import re
import time
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl

from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from core.bootstrap import Services
from core.interview.records import InterviewView
from core.interview.service import Plan

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0


class Visit:
    """A tab in which somebody is signed in, or nobody: `sid` is what the gate would vouch for."""

    def __init__(self, services: Services, person_id: int = 0, sid: str | None = None) -> None:
        self.services, self.person_id = services, person_id
        self.tab = AppTest.from_file(ROOT / "Home.py", default_timeout=PATIENCE)
        self.tab._bidi_component_manager = _components()
        self.tab.user = {"sid": sid} if sid else {}
        self.tab.context = {"url": "http://127.0.0.1:8501/"}

    def open(self, page: str = "Start", /, **query: str) -> "Visit":
        """Follow a link to a page, as from the menu or the address bar."""
        self.tab.run()  # pages are known only once the app has been drawn
        self.tab.query_params = dict(query)
        self.tab.switch_page(f"pages/{page}.py")
        return self.again()

    def again(self) -> "Visit":
        """Any rerun; an exception that the app doesn't expect fails the test."""
        self.tab.run()
        self.tab._page_hash = ""  # or a page that the app has switched to would be left again at the next run
        assert not self.tab.exception, self.tab.exception[0].stack_trace
        return self

    def press(self, label: str, number: int = 0) -> "Visit":
        """Click the button or the link whose label begins so; `number` tells several apart."""
        found = [
            node for kind in ("button", "page_link") for node in self.tab.get(kind) if _label(node).startswith(label)
        ]
        assert len(found) > number, f"no “{label}” among {self.buttons()} and {self.links()}"
        if found[number].type == "button":
            found[number].click()
        else:
            link = found[number].proto
            self.tab.query_params = dict(parse_qsl(link.query_string))
            self.tab.switch_page(f"pages/{link.page or 'Start'}.py")
        return self.again()

    def type(self, text: str) -> "Visit":
        """Type into the answer box, and leave it."""
        self.tab.text_area[0].input(text)
        return self.again()

    def send(self, text: str) -> "Visit":
        """Type and press Send in one go, as a browser reports it."""
        self.tab.text_area[0].input(text)
        return self.press("Send answer")

    def send_good(self) -> "Visit":
        """Send the answer that the bank calls strong."""
        turn = self.interview.current
        assert turn is not None
        domain = self.services.domains.catalogue().domains[self.interview.domain]
        question = domain.find(turn.question_id or "")
        return self.send(question.answers.strong if question and question.answers else "I would ask the guest first.")

    def begin(self, domain: str = "tiny", **plan: object) -> "Visit":
        """An interview begun elsewhere and opened here, with its first question asked."""
        public_id = self.services.interviews.start(self.person_id, Plan(domain, **plan))  # type: ignore[arg-type]
        return self.open("Practise", interview=public_id)

    @property
    def box(self) -> str:
        """What stands in the answer box."""
        return str(self.tab.text_area[0].value)

    @property
    def interview(self) -> InterviewView:
        """The interview at this address, as it is stored."""
        return self.services.interviews.view(self.person_id, str(self.tab.query_params["interview"]))

    def until(self, ready: Callable[[InterviewView], bool]) -> None:
        """Wait for background work to get so far."""
        deadline = time.monotonic() + PATIENCE
        while not ready(self.interview):
            assert time.monotonic() < deadline, f"still waiting: {self.interview}"
            time.sleep(0.01)

    def graded(self) -> "Visit":
        """Look again when every answer has its grade, or the reason why it has none."""
        self.until(lambda view: view.grading_done)
        return self.again()

    @property
    def title(self) -> str:
        return "".join(str(found.value) for found in self.tab.title)

    @property
    def text(self) -> str:
        """Every word on the page, in order, Markdown's backslashes taken out."""
        words = [str(word) for node in self.tab.main if isinstance(node, Element) for word in _words_of(node)]
        return "\n".join(words).replace("\\", "")

    @property
    def problems(self) -> list[str]:
        """The sentences in error boxes."""
        return [str(found.value).replace("\\", "") for found in self.tab.error]

    @property
    def scores(self) -> list[int]:
        """The scores in badges, in the order of their answers; the mean and the list of interviews have none."""
        return [int(score) for score in re.findall(r"-badge\[(\d+) / 10\]", self.text)]

    def buttons(self) -> list[str]:
        return [_label(button) for button in self.tab.button]

    def links(self) -> list[str]:
        return [_label(link) for link in self.tab.get("page_link")]


@cache
def _components() -> BidiComponentManager:
    """What AppTest would look for among all installed packages for every tab anew: half of the time of these tests."""
    manager = BidiComponentManager()
    manager.discover_and_register_components(start_file_watching=False)
    return manager


def _label(node: Element) -> str:
    return str(node.proto.label)


def _words_of(node: Element) -> list[object]:
    if node.type == "html":
        return [unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", node.proto.body))]
    label = node.proto.text if node.type == "progress" else getattr(node, "label", "")
    value = "" if node.type in ("button", "imgs", "file_uploader", "audio_input") else getattr(node, "value", "")
    return [word for word in (label, value, *getattr(node, "options", [])) if word is not None and str(word)]
