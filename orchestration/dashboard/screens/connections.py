"""Which systems are connected, what each may do, when it was last read, what is off and why."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from orchestration.dashboard import published
from orchestration.dashboard.choices import organisation_names
from orchestration.dashboard.commands import run_command
from orchestration.dashboard.shown import (
    NothingToShow,
    at,
    count,
    number_column,
    show_table,
    text_column,
)
from pipelines.connections import Connection, XeroConnection
from pipelines.xero.scopes import wanted_scopes

_READS = """
    select connection, tenant_id, endpoint,
        max(finished_at) filter (is_complete) as read_at,
        max_by(is_complete, finished_at) as is_well,
        max_by(error, finished_at) as error,
        sum(calls) filter (started_at > latest.day_before) as calls_of_day,
        max_by(records_read, finished_at) as records
    from published.reads,
        (select max(finished_at) - interval 1 day as day_before from published.reads) as latest
    where system <> 'settings'
    group by all
    order by connection, tenant_id, endpoint
"""
_SEVERITIES = {"block": "red", "warn": "orange", "unchecked": "gray", "ok": "green"}


def show() -> None:
    """Show the page.

    Raises:
        NothingToShow: Nothing is connected.
    """
    connected = published.settings().connections_of(Connection)
    if not connected:
        raise NothingToShow(
            "Nothing is connected yet",
            "Name a connection in connections.toml (README, Connect a real organisation).",
        )
    _offer_check()
    reads = _reads()
    names = organisation_names() if reads else {}
    for connection in connected:
        of_it = [row for row in reads if row["connection"] == connection.name]
        _show_connection(connection, of_it, names)


def _reads() -> list[dict[str, Any]]:
    try:
        return published.rows(_READS)
    except NothingToShow:
        return []


def _offer_check() -> None:
    """Ask every connection now, at a person's wish: a call or two of each organisation."""
    st.write("What is below is of the last run. A check asks each connection now.")
    if st.button("Check now", icon=":material/network_check:"):
        with st.status("Asking each connection …", expanded=True) as status:
            done = run_command(["doctor"], st.write)
            status.update(label="Asked", state="error" if done.status == 2 else "complete")
        st.session_state["checked"] = done
    done = st.session_state.get("checked")
    if done is None:
        return
    if done.error:
        st.error(done.error)
        return
    for check in done.figures["checks"]:
        if check["topic"] == "connections":
            colour = _SEVERITIES[check["severity"]]
            st.markdown(
                f":{colour}-badge[{check['severity']}] **{check['where']}**: {check['message']}"
                f" {check['remedy'] or ''}"
            )


def _show_connection(
    connection: Connection, reads: list[dict[str, Any]], names: dict[str, str]
) -> None:
    st.subheader(f"{type(connection).__name__.removesuffix('Connection')}: {connection.name}")
    st.caption(connection.api_url)
    if isinstance(connection, XeroConnection):
        _show_rights(connection)
    if not reads:
        st.info("Nothing of it has been read yet. Run `xero-crm run`.")
        return
    for tenant_id in dict.fromkeys(row["tenant_id"] for row in reads):
        of_tenant = [row for row in reads if row["tenant_id"] == tenant_id]
        _show_organisation(connection, names.get(tenant_id) or str(tenant_id), of_tenant)


def _show_rights(connection: XeroConnection) -> None:
    can = "may write what is approved" if connection.may_write else "only reads"
    role = connection.role + (f", suffix {connection.suffix}" if connection.suffix else "")
    st.markdown(f"It {can} · {role} · {connection.grant.replace('_', ' ')}")
    for endpoint in connection.endpoints_off:
        st.markdown(
            f":gray-badge[off] **{endpoint}** is not read: `endpoints_off` in connections.toml"
            " names it."
        )
    scopes = wanted_scopes(connection)
    with st.expander(f"{count(len(scopes), 'scope')} asked for"):
        st.markdown("\n".join(f"- `{scope}`" for scope in scopes))


def _show_organisation(connection: Connection, name: str, reads: list[dict[str, Any]]) -> None:
    ill = [row for row in reads if not row["is_well"]]
    times = [row["read_at"] for row in reads if row["read_at"]]
    calls = sum(row["calls_of_day"] or 0 for row in reads)
    badge = f":red-badge[{len(ill)} not read]" if ill else ":green-badge[all read]"
    st.markdown(f"**{name}** {badge} last read {at(max(times, default=None))}")
    if isinstance(connection, XeroConnection):
        st.markdown(
            f"{calls:,} of {connection.calls_per_day:,} calls a day used in the day before the"
            f" last read, {max(0, connection.calls_per_day - calls):,} left · at most"
            f" {connection.calls_per_minute:,} a minute and {connection.concurrent_calls} at once"
        )
    else:
        st.markdown(f"{count(calls, 'call')} in the day before the last read")
    for row in ill:
        st.markdown(f":red[{row['endpoint']}] was not read: {row['error']}")
    with st.expander(f"{count(len(reads), 'list')} of {name}"):
        shown = [row | {"read": at(row["read_at"])} for row in reads]
        columns = {
            "endpoint": text_column("List"),
            "read": text_column("Read completely"),
            "records": number_column("Records in the last read"),
            "calls_of_day": number_column("Calls in a day"),
            "error": text_column("Error"),
        }
        if not ill:
            del columns["error"]
        show_table(
            pa.Table.from_pylist(shown), columns, key=f"{connection.name}-{name}", alt="Lists read"
        )
