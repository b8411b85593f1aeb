"""Looks for documents in Xero that we did not send, while their entity is switched on.

In: the published file, the policy, the ledger. Out: checks for `doctor`. Two programs that send the
same documents make each of them twice; switching an entity on says that no other one may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from orchestration.diagnosis import Check
from orchestration.published_file import PublishedFile
from pipelines.push.desired import DesiredRecord, read_desired
from pipelines.push.earlier import Earlier, RecordKey, read_earlier
from pipelines.push.errors import PushError
from pipelines.push.ledger import open_ledger
from pipelines.push.policy import PushPolicy, read_policy
from pipelines.settings import Settings, SettingsError

DOCUMENTS = ("invoices", "bills", "credit_notes", "manual_journals")
SHOWN = 5
"""Documents named in a finding; the others are counted."""

_REMEDY = (
    "Switch the other program off, or this entity in push_policy.csv. Was it entered by hand, mark"
    " it as sent in the source."
)
_MARKED_AS_SENT = """
    select tenant_id, source_system, document_type, document_number, document_id, document_date
    from coding.documents where is_sent and document_date is not null
    order by tenant_id, source_system, document_date
"""


def check_pushes(settings: Settings, file: PublishedFile, names: Mapping[str, str]) -> list[Check]:
    """Return a check per organisation and entity or source that has such documents, or one `ok`."""
    try:
        policy = read_policy(settings.settings_dir)
        with open_ledger(settings) as ledger, ledger.reading() as connection:
            earlier = read_earlier(connection)
    except SettingsError:
        return []  # said already, of the files themselves
    except PushError as error:
        return [Check("settings", "unchecked", "push ledger", str(error))]
    records = [
        each
        for each in read_desired(file.rows, ["xero"])
        if each.entity in DOCUMENTS and policy.is_on(each.tenant_id, each.target, each.entity)
    ]
    checks = [
        *_in_xero_and_not_ours(records, earlier, names),
        *_sent_by_another(file.rows(_MARKED_AS_SENT), earlier, policy, names),
    ]
    said = "No document was found in Xero that another program sent in our place."
    return checks or [Check("settings", "ok", "documents", said)]


def _in_xero_and_not_ours(
    records: Iterable[DesiredRecord],
    earlier: Mapping[RecordKey, Earlier],
    names: Mapping[str, str],
) -> Iterator[Check]:
    """Yield what Xero holds under our key or number without an operation of ours."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in records:
        key = (each.tenant_id, each.target, each.entity, each.record_key)
        is_there = each.target_id or any(f["rule"] == "DOC_DUPLICATE" for f in each.findings)
        if is_there and key not in earlier:
            found.setdefault((each.tenant_id, each.entity), []).append(each.label)
    for (tenant_id, entity), labels in found.items():
        what = f"{_listed(labels)} in Xero already, and we did not send them, though sending"
        what += f" {entity.replace('_', ' ')} is switched on."
        where = names.get(tenant_id, tenant_id)
        yield Check("settings", "warn", where, what, _REMEDY, "DOC_NOT_OURS")


def _sent_by_another(
    rows: Iterable[Mapping[str, Any]],
    earlier: Mapping[RecordKey, Earlier],
    policy: PushPolicy,
    names: Mapping[str, str],
) -> Iterator[Check]:
    """Yield what a source has marked as sent since we send its documents, and not by us."""
    began = _began(earlier)
    ours = {(tenant_id, record_key) for tenant_id, _, _, record_key in earlier}
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        tenant_id, kind = row["tenant_id"], row["document_type"]
        key = f"{row['source_system']}:{kind}:{row['document_id']}"  # as dbt names documents
        is_on = any(policy.is_on(tenant_id, "xero", entity) for entity in DOCUMENTS)
        since = began.get(tenant_id)
        is_late = since is not None and row["document_date"] >= since
        if is_on and is_late and (tenant_id, key) not in ours:
            label = f"{kind.replace('_', ' ')} {row['document_number'] or row['document_id']}"
            found.setdefault((tenant_id, row["source_system"]), []).append(label)
    for (tenant_id, system), labels in found.items():
        what = f"{_listed(labels)} marked as sent in {system}, and we did not send them."
        where = names.get(tenant_id, tenant_id)
        yield Check("settings", "warn", where, what, _REMEDY, "DOC_SENT_BY_ANOTHER")


def _began(earlier: Mapping[RecordKey, Earlier]) -> dict[str, date]:
    """Return the day of the first write of a document that is on record, by organisation."""
    days: dict[str, date] = {}
    for (tenant_id, target, entity, _), each in earlier.items():
        if (target, each.status) == ("xero", "confirmed") and entity in DOCUMENTS:
            day = each.changed_at.date()
            days[tenant_id] = min(day, days.get(tenant_id, day))
    return days


def _listed(labels: list[str]) -> str:
    more = len(labels) - SHOWN
    said = ", ".join(labels[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{said} {'is' if len(labels) == 1 else 'are'}"
