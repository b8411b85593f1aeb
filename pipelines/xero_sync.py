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
from pipelines.xero.report_reads import report_read
from pipelines.xero.rereads import plan_rereads
from pipelines.xero.scopes import endpoints_on, is_covered
from pipelines.xero.source import SYSTEM, endpoint_read


def read_organisation(
    client: XeroClient,
    settings: Settings,
    tenant: Tenant,
    endpoints: Collection[str] | None,
    *,
    full: bool,
    run_id: str,
    progress: Progress | None,
) -> list[ReadSummary]:
    """Read endpoints of one organisation; the caller records the reads.

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

    def reads(landing: Landing, held: Mapping[str, ReadHistory]) -> list[EndpointRead]:
        again = plan_rereads(
            readable,
            held,
            utc_now(),
            interval=timedelta(hours=connection.whole_reread_hours),
            calls=0 if full else connection.reread_calls,
        )
        histories = {each.table: held.get(each.table, NEVER_READ) for each in readable}
        reports = [
            report_read(
                client,
                tenant.tenant_id,
                endpoint,
                landing,
                held.get(endpoint.table, NEVER_READ),
                now=utc_now(),
                interval=timedelta(hours=connection.whole_reread_hours),
                full=full,
            )
            for endpoint in readable
            if endpoint.month_ends
        ]
        return reports + [
            endpoint_read(
                client,
                tenant.tenant_id,
                endpoint,
                landing,
                cursor=histories[endpoint.table].since,
                is_resumed=histories[endpoint.table].resume_at is not None,
                full=full,
                reread=again.get(endpoint.table),
                pool=pool,
                progress=prefixed(progress, tenant.name),
            )
            for endpoint in readable
            if not endpoint.month_ends
        ]

    with ThreadPoolExecutor(connection.concurrent_calls, "pages") as pool:
        done = run_reads(
            settings, SYSTEM, tenant.connection, tenant.tenant_id, run_id, reads, at_once=True
        )
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
