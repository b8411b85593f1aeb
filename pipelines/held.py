"""What the warehouse holds, for people who watch a build and for those who guard a home."""

from __future__ import annotations

from pipelines.warehouse import Warehouse


def row_counts(warehouse: Warehouse) -> dict[str, int]:
    """Return {`<schema>.<table>`: rows} of every table; views are left out, since they cost time.

    Raises:
        WarehouseBusy: Another process kept the warehouse too long.
    """
    with warehouse.lock("counting rows"), warehouse.connect(read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_type = 'BASE TABLE'"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.table(f'"{schema}"."{name}"').shape[0]
            for schema, name in tables
        }


def tenants_held(warehouse: Warehouse) -> dict[str, str]:
    """Return {tenant_id: name} of every organisation ever read; the id where it has no name.

    Raises:
        WarehouseBusy: Another process kept the warehouse too long.
    """
    with warehouse.reading("listing organisations", "raw_xero") as reader:
        if not reader or "organisation" not in reader.tables:
            return {}
        rows = reader.con.execute(
            "select tenant_id, coalesce(max_by(payload ->> 'Name', extracted_at), tenant_id)"
            " from raw_xero.organisation group by tenant_id"
        ).fetchall()
    return dict(rows)
