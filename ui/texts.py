"""Which prompt or domain, and which version of it, the page of prompts is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import streamlit as st

from core.domains import Domain
from core.engines.base import Grader
from core.grading.current import PROMPT as GRADER
from core.prompts import Prompt
from core.quality.versions import FaultyTextError, InUse, Kind, Version, read_text
from ui.safe import plain
from ui.services import services
from ui.when import ago

ONLY_GRADING = (
    "Nothing is graded with this prompt, so neither a trial nor the rubric bench could tell what a change does."
)
NO_MODEL = "No model is set here, so nothing is graded with this prompt: the offline engine has none."
FAULTY = "This version can't be used as it stands, so there is nothing to try."

THE_FILE = 0
"""Stands for the file among the numbers of versions; a box of Streamlit takes None for no choice."""

read_once = lru_cache(maxsize=16)(read_text)  # a whole domain takes a tenth of a second, and each rerun asks for it


@dataclass(frozen=True, slots=True)
class Chosen:
    """A version of a prompt or domain, None being the file; `content` is what it says, None where it has faults."""

    kind: Kind
    name: str
    number: int | None
    text: str
    content: Prompt | Domain | None
    faults: tuple[str, ...]
    in_use: InUse
    versions: Sequence[Version]

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.name}"

    @property
    def digest(self) -> str:
        """What grades and questions made with it are stored with."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def is_used(self) -> bool:
        return self.number == self.in_use.number

    @property
    def is_draft(self) -> bool:
        return any(version.number == self.number and version.used_at is None for version in self.versions)

    @property
    def immeasurable(self) -> str:
        """Why no grade depends on this text, or empty where some do."""
        if self.kind is Kind.PROMPT and self.name != GRADER:
            return ONLY_GRADING
        if self.kind is Kind.PROMPT and services().engines.grader_with is None:
            return NO_MODEL
        return FAULTY if self.content is None else ""

    def grader(self) -> Grader:
        """The grader that is set up, with this prompt if that is what was chosen."""
        return services().engines.grader(self.content if isinstance(self.content, Prompt) else None)

    def domain(self) -> Domain | None:
        """This domain, or the one that is chosen to try this prompt on."""
        if isinstance(self.content, Domain):
            return self.content
        domains = services().domains.catalogue().domains
        key = st.selectbox("With the domain", list(domains), key="try-domain", format_func=lambda k: domains[k].name)
        return domains.get(key) if key else None


def choose() -> Chosen:
    """The two boxes at the head of the page: what, and which version of it."""
    prompts = {f"prompt-{name}": (Kind.PROMPT, name) for name in services().prompts.names()}
    items = prompts | {f"domain-{name}": (Kind.DOMAIN, name) for name in services().versions.names(Kind.DOMAIN)}
    with st.container(horizontal=True):
        item = st.selectbox("Prompt or domain", list(items), key="text", format_func=_title)
        kind, name = items[item or next(iter(items))]
        in_use, versions = services().versions.in_use(kind, name), services().versions.listed(kind, name)
        # A label must not change while it is chosen (Streamlit knows the choice by it), so none tells the state or a name.
        labels = {one.number: f"Version {one.number}" + (f": {one.note}" if one.note else "") for one in versions}
        labels[THE_FILE] = "The file"
        key = version_key(kind, name)
        if st.session_state.get(key) not in labels:  # not chosen yet, or gone
            st.session_state[key] = in_use.number or THE_FILE
        number = (
            st.selectbox("Version", list(labels), key=key, format_func=lambda n: labels[n], persist_state="session")
            or None
        )
    text = services().versions.file(kind, name) if number is None else services().versions.text(kind, name, number)
    return _chosen(kind, name, number, text, in_use, versions)


def _title(item: str) -> str:
    kind, _, name = item.partition("-")
    return f"{kind.title()}: {name.replace('_', ' ')}"


def version_key(kind: Kind, name: str) -> str:
    """Where the chosen version is kept."""
    return f"version-{kind}-{name}"


def domain_name(key: str) -> str:
    """The name of a domain, or its key where it can't be used."""
    domain = services().domains.catalogue().domains.get(key)
    return domain.name if domain else key


def draw_state(chosen: Chosen) -> None:
    """Whether it is in use, who wrote it, and what is wrong with it."""
    version = next((version for version in chosen.versions if version.number == chosen.number), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        if chosen.is_used:
            st.badge("In use", icon=":material/check:", color="green")
        elif chosen.is_draft:
            st.badge("Draft, not in use", icon=":material/edit:", color="orange")
        else:
            st.badge("Not in use", color="gray")
        said = []
        if version:
            said.append(f"written by {plain(version.author) or 'somebody who has left'} "
                        f"{ago(version.written_at, services().now())}")  # fmt: skip
        said.append(f"digest {chosen.digest[:12]}")
        if not chosen.is_used:
            said.append(
                f"{'the file' if chosen.in_use.number is None else f'version {chosen.in_use.number}'} is in use"
            )
        elif chosen.in_use.since:
            by = f" by {plain(chosen.in_use.by)}" if chosen.in_use.by else ""
            said.append(f"put to use {ago(chosen.in_use.since, services().now())}{by}")
        st.caption(" · ".join(said))
    if version and version.note:
        st.caption(f"Note: {plain(version.note, 500)}")
    if isinstance(chosen.content, Prompt):
        st.caption(plain(chosen.content.purpose, 300))
    if chosen.faults:
        place = " The file is used in its place." if chosen.is_used and chosen.number is not None else ""
        draw_faults(f"This version can't be used.{place}", chosen.faults)


def draw_faults(what: str, faults: Sequence[str], most: int = 20) -> None:
    """Faults of a text, each with its line."""
    rest = [f"… and {len(faults) - most} more"] if len(faults) > most else []
    st.error("\n".join([what, "", *(f"- {plain(fault, 500)}" for fault in [*faults[:most], *rest])]))


def _chosen(
    kind: Kind, name: str, number: int | None, text: str | None, in_use: InUse, versions: Sequence[Version]
) -> Chosen:
    content, faults = None, ()
    if text is None:
        faults = (f"{name}: there is no file that can be read",)
    else:
        try:
            content = read_once(kind, name, text)
        except FaultyTextError as error:
            faults = error.faults
    return Chosen(kind, name, number, text or "", content, faults, in_use, versions)
