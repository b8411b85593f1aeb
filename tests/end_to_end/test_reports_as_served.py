"""What is staged of Xero's reports is what its books say, at every month end and account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.sandbox.balances import balances

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_each_trial_balance_is_that_of_the_books(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        rows = demo.rows(
            """
            select month_end, account_id, coalesce(ytd_debit, 0) - coalesce(ytd_credit, 0)
            from staging.stg_xero__trial_balance_rows
            where tenant_id = ?
            """,
            [organisation.tenant_id],
        )
        staged = {(day, account): amount for day, account, amount in rows if amount}
        assert len({day for day, _ in staged}) >= 7
        assert staged == {
            (day, account): amount
            for day in {day for day, _ in staged}
            for account, amount in balances(organisation, day).by_account.items()
        }


def test_each_balance_sheet_balances(demo: Demo) -> None:
    rows = demo.rows(
        """
        select
            sheets.tenant_id,
            sheets.month_end,
            sum(case accounts.account_class
                when 'ASSET' then amount
                else -amount
            end)
        from staging.stg_xero__balance_sheet_rows as sheets
        left join staging.stg_xero__accounts as accounts using (tenant_id, account_id)
        group by sheets.tenant_id, sheets.month_end
        """
    )
    assert len(rows) > 50
    assert {total for _, _, total in rows} == {0}
