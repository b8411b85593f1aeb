"""Whether the tables agree with Xero's own reports, as checks of `reporting/reconciliation`.

One check a report. A difference that nothing explains is a warning, which blocks nothing: what is
held back from publication for it is decided by `reporting.reconciliation_gate`.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.resources import WAREHOUSE_POOL, Project
from pipelines.warehouse import warehouse_of

RECONCILIATION_KEY = dg.AssetKey(["reporting", "reconciliation"])
REPORTS = ("trial_balance", "profit_and_loss", "balance_sheet")

_COUNTS = """
select
    count(*) as figures_compared,
    count(distinct tenant_id) as organisations,
    count(*) filter (where difference <> 0 and is_reconciled) as explained,
    count(*) filter (where not is_reconciled) as not_explained,
    string_agg(distinct tenant_id, ', ') filter (where not is_reconciled) as differing
from reporting.reconciliation
where report = ?
"""


@dg.multi_asset_check(
    name="agreement_with_xero",
    specs=[
        dg.AssetCheckSpec(
            f"{report}_agrees_with_xero",
            asset=RECONCILIATION_KEY,
            description=f"Each figure equals that of Xero's {report.replace('_', ' ')}, or the"
            " difference is explained.",
        )
        for report in REPORTS
    ],
    pool=WAREHOUSE_POOL,
)
def agreement_with_xero(project: dg.ResourceParam[Project]) -> Iterator[dg.AssetCheckResult]:
    """Count what is compared, explained and not, per report."""
    with warehouse_of(project.settings).reading("agreement with Xero", "reporting") as reader:
        for report in REPORTS:
            found = reader.con.execute(_COUNTS, [report]).fetchone() if reader else None
            compared, organisations, explained, not_explained, differing = found or (0,) * 5
            yield dg.AssetCheckResult(
                asset_key=RECONCILIATION_KEY,
                check_name=f"{report}_agrees_with_xero",
                passed=not not_explained,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={
                    "figures_compared": compared,
                    "organisations": organisations,
                    "explained": explained,
                    "not_explained": not_explained,
                    **({"organisations_that_differ": differing} if differing else {}),
                },
            )
