"""Reads one organisation of Xero into the raw log: what, how much again, and what not and why.

An endpoint whose scope the token lacks is not asked for: its read stands in the summary as not
complete, with what to do. The others are read at the same time, within the limits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from pipelines.endpoint_read import EndpointRead, Progress, utc_now
from pipelines.landing import Landing
from pipelines.reads import NEVER_READ, ReadHistory, ReadSummary, not_read
from pipelines.settings import Settings
from pipelines.source_sync import prefixed, run_reads
from pipelines.sync_results import Tenant
from pipelines.xero.client import XeroClient
from pipelines.xero.endpoints import Endpoint
from pipelines.xero.own_reads import own_read
from pipelines.xero.report_reads import is_due
from pipelines.xero.rereads import plan_rereads
from pipelines.xero.scopes import endpoints_on, is_covered
from pipelines.xero.source import SYSTEM, endpoint_read
from pipelines.xero.webhook_store import mark_fetched, pending_events


def read_organisation(
    client: XeroClient,
    settings: Settings,
    tenant: Tenant,
    endpoints: Collection[str] | None,
    *,
    full: bool,
    only_events: bool = False,
    run_id: str,
    progress: Progress | None,
) -> list[ReadSummary]:
    """Read endpoints of one organisation; the caller records the reads.

    `only_events` reads just the records that webhooks told of, and moves no cursor.

    Raises:
        WarehouseBusy: A sync of the organisation is under way.
        RowsLost: The warehouse holds other rows than were read.
        XeroError: There is no token.
    """
    connection = client.connection
    granted = client.granted_scopes()
    chosen = [
        each
        for each in endpoints_on(connection)
        if endpoints is None or each.name in endpoints or each.group in endpoints
    ]
    readable = [each for each in chosen if is_covered(each.scope, granted)]
    told_of = pending_events(settings.home, tenant.connection, tenant.tenant_id)
    if only_events:
        chosen = readable = [each for each in readable if each.name in told_of]
    prepared: dict[str, EndpointRead] = {}

    def reads(landing: Landing, held: Mapping[str, ReadHistory]) -> list[EndpointRead]:
        now, interval = utc_now(), timedelta(hours=connection.whole_reread_hours)
        calls = 0 if full or only_events else connection.reread_calls
        again = plan_rereads(readable, held, now, interval=interval, calls=calls)
        for endpoint in readable:
            history = held.get(endpoint.table, NEVER_READ)
            is_daily = endpoint.name in connection.endpoints_daily and not endpoint.is_paged
            if is_daily and not full and not is_due(history, now, interval):
                continue
            prepared[endpoint.name] = (
                own_read(
                    client,
                    tenant.tenant_id,
                    endpoint,
                    landing,
                    history,
                    now=now,
                    interval=interval,
                    full=full,
                )
                if endpoint.reads_its_own_way
                else endpoint_read(
                    client,
                    tenant.tenant_id,
                    endpoint,
                    landing,
                    cursor=history.since,
                    is_resumed=history.resume_at is not None,
                    complete_to=history.cursor_at,
                    full=full,
                    reread=again.get(endpoint.table),
                    named=told_of[endpoint.name].record_ids if endpoint.name in told_of else (),
                    only_named=only_events,
                    pool=pool,
                    progress=prefixed(progress, tenant.name),
                )
            )
        return list(prepared.values())

    with ThreadPoolExecutor(connection.concurrent_calls, "pages") as pool:
        done = run_reads(
            settings, SYSTEM, tenant.connection, tenant.tenant_id, run_id, reads, at_once=True
        )
    landed = [
        told_of[name] for name, read in prepared.items() if name in told_of and read.has_named
    ]
    mark_fetched(settings.home, landed)
    return done + [
        _switched_off(each, tenant, run_id, granted) for each in chosen if each not in readable
    ]


def _switched_off(
    endpoint: Endpoint, tenant: Tenant, run_id: str, granted: Collection[str]
) -> ReadSummary:
    return not_read(
        f"{endpoint.name} is switched off: the token lacks the scope {endpoint.scope} (it has "
        f"{' '.join(granted) or 'none that we can see'}). Add it to the app in Xero, then run "
        f"`xero-crm connect {tenant.connection}`; or list it in endpoints_off.",
        run_id=run_id,
        connection=tenant.connection,
        system=SYSTEM,
        tenant_id=tenant.tenant_id,
        endpoint=endpoint.table,
        at=utc_now(),
    )
