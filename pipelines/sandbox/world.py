"""The world behind the sandbox systems: demo organisations loaded from readable files.

In: a folder with `organisations/<short name>/*.csv` and `organisation.toml`. Out: a `World` of
`Organisation`s whose records are complete, whose ids never change from one load to the next, and
which tests and the demo may change. Nothing is written back to the files.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.sandbox.configuration import (
    Record,
    configuration_records,
    organisation_record,
)
from pipelines.sandbox.journal_files import manual_journals
from pipelines.sandbox.ledger_files import documents as read_documents
from pipelines.sandbox.ledger_files import tax_percentages
from pipelines.sandbox.list_files import list_records
from pipelines.sandbox.money_files import batch_payments, money_records
from pipelines.sandbox.opening import read_opening
from pipelines.sandbox.order_files import order_records
from pipelines.sandbox.organisation import Organisation
from pipelines.sandbox.present_names import FileNames
from pipelines.sandbox.scaling import exactly, scaled
from pipelines.sandbox.tables import DemoDataError, record_id

__all__ = ["DemoDataError", "Organisation", "Record", "World", "load_world"]


class World:
    """The organisations by tenant id, in the order of their names, and one clock for all.

    `folder` is where they were loaded from; other systems' files are beside theirs.
    """

    def __init__(
        self, clock: Callable[[], datetime] | None = None, folder: Path | None = None
    ) -> None:
        self.folder = folder
        self.organisations: dict[str, Organisation] = {}
        self._clock = clock or _utc_now

    def now(self) -> datetime:
        """Return the present instant, aware and UTC, by the clock given to `load_world`."""
        return self._clock()

    def organisation(self, short_name: str) -> Organisation:
        """Return the organisation whose folder is called `short_name`."""
        for organisation in self.organisations.values():
            if organisation.short_name == short_name:
                return organisation
        raise KeyError(short_name)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def load_world(
    folder: Path,
    *,
    scale: int = 1,
    documents: int | None = None,
    lines: int = 5,
    only: Collection[str] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> World:
    """Load the demo organisations.

    `scale` multiplies documents. `documents` gives each organisation that many invoices and bills
    of exactly `lines` lines instead (and no credit notes); 0 gives configuration and contacts only.
    `only` chooses organisations by short name. `clock` stands in for the present instant.

    Raises:
        DemoDataError: A file cannot be used; the message says which and why.
    """
    world = World(clock, folder)
    folders = sorted(path.parent for path in folder.glob("organisations/*/organisation.toml"))
    for path in folders:
        if only is None or path.name in only:
            organisation = _load_organisation(path, world, scale, documents, lines)
            world.organisations[organisation.tenant_id] = organisation
    if not world.organisations:
        raise DemoDataError(f"no organisation found in {folder / 'organisations'}")
    return world


def _load_organisation(
    folder: Path, world: World, scale: int, count: int | None, lines: int
) -> Organisation:
    tenant_id, settings = organisation_record(folder)
    identity = record_id(tenant_id, "Organisation", folder.name)
    configuration = {
        "Organisation": {identity: {**settings, "OrganisationID": identity}},
        **configuration_records(folder, tenant_id),
    }
    configuration |= list_records(folder, tenant_id, configuration)
    loaded = read_documents(folder, tenant_id, configuration)
    opening = read_opening(folder, tenant_id)
    if count is not None:
        loaded = exactly(loaded, count, lines, tax_percentages(configuration))
        opening = replace(opening, balances=())
        return Organisation(
            folder.name, tenant_id, configuration, loaded, world.now, opening=opening
        )
    names = FileNames(configuration)
    money, refunds = money_records(folder, tenant_id, configuration, names)
    configuration |= {
        **money,
        "BatchPayments": batch_payments(folder, tenant_id),
        "ManualJournals": manual_journals(folder, tenant_id, configuration, names),
        **order_records(folder, tenant_id, configuration, names),
    }
    return Organisation(
        folder.name,
        tenant_id,
        configuration,
        scaled(loaded, scale),
        world.now,
        opening=opening,
        refunds=refunds,
    )
