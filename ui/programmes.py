"""What administrators do with programmes and cohorts: make, rename and merge them, and set what a programme shares."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.accounts import places
from core.accounts.people import CohortEntry
from core.accounts.permissions import Role, Viewer
from core.accounts.places import ProgrammeEntry
from core.accounts.retention import MOST_DAYS, set_retention
from core.budgets.ledger import LIMITS
from core.budgets.limits import Given
from core.budgets.spending import MOST, Spending, set_budget
from ui.outcome import perform
from ui.safe import plain
from ui.services import services

KEPT = (
    "So many days after an interview everything said in it is removed, recordings included; scores and counts stay. 0 keeps it. "
    "It is done within a day, and can't be undone."
)
PARTS = {"calls": "Calls", "tokens": "Tokens", "seconds": "Seconds of audio"}
SHARING = (
    "Managers of this programme then read what its learners said, whether or not each agreed. Learners are told on their "
    "account page, and see every look."
)


def draw_spending(months: Sequence[Spending]) -> None:
    """What each programme used of the model this month, of which budget, and what that costs."""
    settings = services().settings
    costs = [settings.prices.cost(one.used) for one in months]
    totals = [one.total for one in months]
    table: dict[str, Sequence[object]] = {
        "Programme": [one.name for one in months],
        "Used": [one.share_of(one.given.over(settings.limits).month) for one in months],
        "Calls": [total.calls for total in totals],
        "Tokens": [total.tokens_in + total.tokens_out for total in totals],
        "Minutes of audio": [total.seconds / 60 for total in totals],
    }
    priced = f"Cost ({settings.prices.currency})"
    if any(cost is not None for cost in costs):
        table[priced] = [cost or 0.0 for cost in costs]
    st.subheader("This month", anchor=False)
    st.dataframe(
        table,
        column_config={
            "Used": st.column_config.ProgressColumn(
                "Used", format="percent", min_value=0, max_value=1, help="Of the scarcest part of the month's budget."
            ),
            "Calls": st.column_config.NumberColumn(format="localized"),
            "Tokens": st.column_config.NumberColumn(format="localized"),
            "Minutes of audio": st.column_config.NumberColumn(format="%.1f"),
            priced: st.column_config.NumberColumn(format="%.2f"),
        },
        hide_index=True,
        alt="What each programme used of the model this month",
    )
    guessed = sum(one.estimated for one in months)
    notes = ["The offline engine uses nothing."]
    if guessed:
        notes.append(f"The tokens of {guessed:,} calls are estimates, since the model server doesn't tell them.")
    if priced not in table:
        notes.append("Costs are shown once prices are set (VIVA_PRICE_CHAT_IN and the others).")
    st.caption(" ".join(notes))


def draw_budget(programme: ProgrammeEntry, given: Given) -> None:
    """The form of a programme's own budget."""
    defaults = services().settings.limits
    with st.form(f"budget-{programme.id}", border=False):
        st.markdown("**Budget**")
        st.caption(
            "By the day for each person, by the month for the whole programme. Leave a field empty for what holds everywhere, "
            "which stands in it; 0 lets nothing through."
        )
        for span, limit in (("day", defaults.day), ("month", defaults.month)):
            for column, (part, label) in zip(st.columns(3), PARTS.items(), strict=True):
                name = f"{span}_{part}"
                usual = f"{getattr(limit, part):,}"
                key = f"{name}-{programme.id}"
                # A number as its default could not be taken away again: the box would not let itself be emptied.
                st.session_state.setdefault(key, getattr(given, name))
                column.number_input(f"{label} a {span}", 0, MOST, None, key=key, placeholder=usual)
        st.form_submit_button("Save the budget", on_click=_save_budget, args=(programme,))


def choose(what: str, names: Mapping[int, str]) -> int | None:
    """Which programme or cohort is to be changed, by its number."""
    label, prompt = f"Change a {what}", f"Choose a {what}"
    return st.selectbox(
        label, list(names), None, key=what, format_func=lambda number: names[number], placeholder=prompt
    )


def draw_new_cohort(programmes: Sequence[ProgrammeEntry]) -> None:
    """A form for a cohort, in a programme that is there or a new one."""
    with (
        st.expander("New cohort", icon=":material/group_add:", key="new-cohort-box"),
        st.form("new-cohort", border=False),
    ):
        st.selectbox(
            "Programme",
            [entry.name for entry in programmes],
            None,
            key="new-programme",
            accept_new_options=True,
            placeholder="Choose one, or type the name of a new one",
        )
        st.text_input("Name of the cohort", key="new-cohort-name", max_chars=200)
        st.form_submit_button("Make it", type="primary", on_click=_add)


def draw_programme(programme: ProgrammeEntry, given: Given, days: int, others: Mapping[int, ProgrammeEntry]) -> None:
    """One programme: its name, what it shares, how long it keeps words, its budget, and what it can be merged into."""
    number = programme.id
    st.text_input("Name", programme.name, key=f"programme-name-{number}", max_chars=200)
    st.button("Rename", key=f"rename-programme-{number}", on_click=_rename_programme, args=(programme,))
    st.toggle(
        "Managers read transcripts",
        programme.shares,
        key=f"shares-{number}",
        on_change=_share,
        args=(programme,),
        help=SHARING,
    )
    st.toggle(
        "Learners see where they stand in their cohort",
        programme.shows_places,
        key=f"places-{number}",
        on_change=_show_places,
        args=(programme,),
        help="“Ahead of 12 of the 20 others” on their own Progress page: without names, and only among ten or more.",
    )
    with st.form(f"retention-{number}", border=False):
        st.number_input("Days for which words are kept", 0, MOST_DAYS, days, key=f"days-{number}", help=KEPT)
        st.form_submit_button("Save the days", on_click=_keep_words, args=(programme,))
    draw_budget(programme, given)
    into = {key: entry for key, entry in others.items() if entry.is_sample == programme.is_sample}
    _draw_merge(f"programme-{number}", "another programme", {key: entry.name for key, entry in into.items()})


def draw_cohort(cohort: CohortEntry, siblings: Mapping[int, str]) -> None:
    """One cohort: its name, and the others of its programme that it can be merged into."""
    number = cohort.id
    st.text_input("Name", cohort.name, key=f"cohort-name-{number}", max_chars=200)
    st.button("Rename", key=f"rename-cohort-{number}", on_click=_rename_cohort, args=(cohort,))
    _draw_merge(f"cohort-{number}", "another cohort of its programme", siblings)


def _draw_merge(key: str, what: str, into: Mapping[int, str]) -> None:
    if not into:
        return
    with st.popover(f"Merge into {what}", icon=":material/merge:", key=f"merge-box-{key}"):
        st.markdown("Its people, interviews, scores and assignments go over at once. This can't be undone.")
        st.selectbox("Into", list(into), None, key=f"into-{key}", format_func=lambda one: into[one])
        st.button("Merge", type="primary", key=f"merge-{key}", on_click=_merge, args=(key,))


def _add() -> None:
    programme, name = st.session_state["new-programme"], st.session_state["new-cohort-name"]

    def work(viewer: Viewer) -> str:
        cohort = places.add_cohort(services().people, viewer, programme or "", name)
        return f"{plain(cohort.title)} is there."

    perform(work, Role.ADMIN)


def _save_budget(programme: ProgrammeEntry) -> None:
    given = Given(**{name: st.session_state[f"{name}-{programme.id}"] for name in LIMITS})

    def work(viewer: Viewer) -> str:
        set_budget(services().people, viewer, programme.id, given)
        return f"The budget of {plain(programme.name)} is saved."

    perform(work, Role.ADMIN)


def _rename_programme(programme: ProgrammeEntry) -> None:
    def work(viewer: Viewer) -> str:
        name = st.session_state[f"programme-name-{programme.id}"]
        places.rename_programme(services().people, viewer, programme.id, name)
        return f"The programme is called {plain(name)} now."

    perform(work, Role.ADMIN)


def _rename_cohort(cohort: CohortEntry) -> None:
    def work(viewer: Viewer) -> str:
        name = st.session_state[f"cohort-name-{cohort.id}"]
        places.rename_cohort(services().people, viewer, cohort.id, name)
        return f"The cohort is called {plain(name)} now."

    perform(work, Role.ADMIN)


def _keep_words(programme: ProgrammeEntry) -> None:
    def work(viewer: Viewer) -> str:
        days = int(st.session_state[f"days-{programme.id}"])
        set_retention(services().people, viewer, programme.id, days)
        kept = f"removed {days:,} day{'s' if days > 1 else ''} after an interview" if days else "kept for good"
        return f"What is said in {plain(programme.name)} is {kept}."

    perform(work, Role.ADMIN)


def _share(programme: ProgrammeEntry) -> None:
    def work(viewer: Viewer) -> str:
        share = bool(st.session_state[f"shares-{programme.id}"])
        places.set_sharing(services().people, viewer, programme.id, share)
        told = "read what its learners said" if share else "read what was said only where a learner agreed"
        return f"Managers of {plain(programme.name)} {told}."

    perform(work, Role.ADMIN)


def _show_places(programme: ProgrammeEntry) -> None:
    def work(viewer: Viewer) -> str:
        show = bool(st.session_state[f"places-{programme.id}"])
        places.set_places(services().people, viewer, programme.id, show)
        return f"Learners of {plain(programme.name)} {'see' if show else 'no longer see'} where they stand."

    perform(work, Role.ADMIN)


def _merge(key: str) -> None:
    def work(viewer: Viewer) -> str:
        kind, number = key.split("-")
        target = st.session_state[f"into-{key}"]
        if target is None:
            raise ValueError("Choose what it goes into.")
        merge = places.merge_programmes if kind == "programme" else places.merge_cohorts
        merge(services().people, viewer, int(number), target)
        return "The two are one now."

    perform(work, Role.ADMIN)
