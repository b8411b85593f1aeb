"""Our reports beside the sandbox's own, which it computes from its books by other code.

The sandbox revalues foreign balances at each report's date and posts the cost of tracked inventory,
as Xero does; both, and what was taken over from the books before, must be named with their amounts.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pipelines.sandbox.balances import balances

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Demo

pytestmark = pytest.mark.xdist_group("demo")


def test_every_account_of_every_month_end_is_reconciled(demo: Demo) -> None:
    unexplained = demo.rows(
        "select report, period, account_name, difference, unexplained_amount"
        " from reporting.reconciliation where not is_reconciled"
    )
    assert unexplained == []
    months = demo.rows(
        "select tenant_id, report, count(distinct period) from reporting.reconciliation"
        " group by all"
    )
    assert len(months) == 3 * len(demo.world.organisations)
    assert sum(count for _, _, count in months) > 150


def test_what_explains_a_difference_is_what_the_sandbox_did(demo: Demo) -> None:
    causes = {
        cause
        for (cause,) in demo.rows(
            "select distinct cause from reporting.reconciliation where cause is not null"
        )
    }
    assert causes == {"conversion_balance", "currency_revaluation", "tracked_inventory"}
    unnamed = demo.rows(
        "select 1 from reporting.reconciliation"
        " where abs(difference) > 0.01 and explanation is null"
    )
    assert unnamed == []


def test_most_accounts_agree_without_any_explanation(demo: Demo) -> None:
    (row,) = demo.rows(
        "select count(*) filter (difference = 0), count(*) from reporting.reconciliation"
    )
    assert row[0] > row[1] / 2


def test_xeros_side_of_the_trial_balance_is_the_books(demo: Demo) -> None:
    for organisation in demo.world.organisations.values():
        for (period,) in demo.rows(
            "select max(period) from reporting.reconciliation"
            " where report = 'trial_balance' and tenant_id = ?",
            [organisation.tenant_id],
        ):
            in_books = balances(organisation, period).by_account
            shown = {
                account_id: amount
                for account_id, amount in demo.rows(
                    """
                    select account_id, warehouse_amount - explained_amount
                    from reporting.reconciliation
                    where report = 'trial_balance' and tenant_id = ? and period = ?
                    """,
                    [organisation.tenant_id, period],
                )
                if amount != Decimal(0)
            }
            assert shown == in_books


def test_cost_of_sales_with_tracked_inventory_is_xeros_own(demo: Demo) -> None:
    different = demo.rows(
        """
        with ours as (
            select
                tenant_id, last_day(month) as period, analysis_code, sum(net_amount_base) as amount
            from reporting.cost_of_sales_by_analysis_code
            group by all
        ),

        in_xero as (
            select tenant_id, period, account_code as analysis_code, -sum(xero_amount) as amount
            from reporting.reconciliation
            where
                report = 'profit_and_loss' and account_type = 'DIRECTCOSTS'
                and cause is distinct from 'conversion_balance'
            group by all
            having sum(xero_amount) <> 0
        )

        select *
        from ours
        full outer join in_xero using (tenant_id, period, analysis_code)
        where ours.amount is distinct from in_xero.amount and ours.amount is distinct from 0
        """
    )
    assert different == []
    posted = demo.rows(
        "select sum(net_amount_base) from reporting.cost_of_sales_by_analysis_code"
        " where source_type = 'tracked_inventory'"
    )
    assert posted[0][0] > 1000
