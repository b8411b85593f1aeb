"""What a page has done for it: a command in a child process, asked about first, told of after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from orchestration.dashboard.commands import Done, run_command
from orchestration.dashboard.people import person
from orchestration.dashboard.shown import count

_LAST = "last_deed"
MOST_NAMED = 12
_NOT_WRITTEN = ("planned", "approved", "blocked", "unsupported")


def do(title: str, arguments: Sequence[str]) -> None:
    """Run a command, show how it goes, keep what came of it, and draw the page anew.

    The person is looked up again here: whoever may not change anything gets no command run.
    """
    who = person()
    if who.why_not:
        st.error(who.why_not)
        return
    if who.signed_in_as and arguments[0] in ("approve", "reject"):
        arguments = [*arguments, "--signed-in", who.signed_in_as]
    with st.status(f"{title} …", expanded=True) as status:
        done = run_command(arguments, st.write)
        status.update(label=title, state="complete" if done.status == 0 else "error")
    st.session_state[_LAST] = (arguments[0], done)
    st.rerun()


def show_last_deed() -> None:
    """Say what the last command did, once."""
    last: tuple[str, Done] | None = st.session_state.pop(_LAST, None)
    if last is None:
        return
    command, done = last
    if done.error or done.status == 2:
        st.error(f"It was not done: {done.error or 'see the log.'}", icon=":material/error:")
        return
    say = _SAYS.get(command, lambda figures: "Done.")
    (st.success if done.status == 0 else st.warning)(say(done.figures))


@st.dialog("Are you sure?")
def ask_first(
    question: str, records: Sequence[str], yes: str, title: str, arguments: Sequence[str]
) -> None:
    """Ask before a command is run; the records that it is about are named."""
    st.write(f"**{question}**")
    st.write("\n".join(f"- {_plain(each)}" for each in records[:MOST_NAMED]))
    if len(records) > MOST_NAMED:
        st.write(f"and {len(records) - MOST_NAMED:,} more.")
    if arguments[0] != "apply":
        st.write(f"It is recorded as the decision of **{person().name}**.")
    if st.button(yes, type="primary", key="yes"):
        do(title, arguments)


def _plain(text: str) -> str:
    """Return a text as it is: no Markdown of a record's name is followed."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]()<>#+-.!|$:~" else each for each in text)


def _approved(figures: dict[str, Any]) -> str:
    said = f"{count(len(figures['approved']), 'record')} approved by {figures['approved_by']}."
    said += "".join(f" {each['label']} was not: {each['why']}" for each in figures["refused"])
    waits = (f" {each['label']} waits for {each['for']}." for each in figures["waiting"])
    return _plain(said + "".join(waits))


def _rejected(figures: dict[str, Any]) -> str:
    said = f"{count(len(figures['rejected']), 'record')} rejected by {figures['rejected_by']}."
    return _plain(
        said + "".join(f" {each['label']} was not: {each['why']}" for each in figures["refused"])
    )


def _applied(figures: dict[str, Any]) -> str:
    statuses = figures["statuses"] or {}
    counts = ", ".join(
        f"{number:,} {status.replace('_', ' ')}"
        for status, number in statuses.items()
        if status not in _NOT_WRITTEN
    )
    problems = {**figures["stopped"], **figures["withdrawn"], **figures["refused"]}
    said = f"Written of this plan: {counts or 'nothing'}. Choose a status below to see the records."
    return _plain(said + "".join(f" {name}: {why}" for name, why in problems.items()))


def _read(figures: dict[str, Any]) -> str:
    said = (
        f"Read {count(figures['records_read'], 'record')} in {count(figures['calls'], 'call')};"
        f" {count(figures['versions_written'], 'change')}. The tables follow with the next"
        " `xero-crm run`."
    )
    return said + "".join(f" Not read: {each['error']}" for each in figures["failures"])


def _planned(figures: dict[str, Any]) -> str:
    if figures["is_empty"]:
        return f"Plan {figures['plan_id']}: nothing is to be written."
    return f"Plan {figures['plan_id']} is below."


def _settings(figures: dict[str, Any]) -> str:
    return (
        f"{count(figures['changed'], 'row')} of tracking_relevance.csv changed. The next `xero-crm"
        " run` codes by it."
    )


_SAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "approve": _approved,
    "reject": _rejected,
    "apply": _applied,
    "sync": _read,
    "plan": _planned,
    "relevance": _settings,
}
