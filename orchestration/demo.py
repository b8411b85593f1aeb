"""`xero-crm demo`: the whole pipeline against the sandbox, what it writes back, what came of it.

The second run reads what the first one read, so it must change nothing; the two published files
are compared row by row. Then the plan is approved and applied, as a person does with `--yes`, and
a third run reads what was written: none of it may be planned again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.push_report import push_figures
from orchestration.pushing import Push, apply_now
from orchestration.run import RunSummary, run_everything
from orchestration.sandbox import DEMO_LIMITS, demo_sandbox
from orchestration.summaries import plain
from pipelines.published_changes import changed_rows
from pipelines.push.operations import Operation
from pipelines.sandbox.server import SandboxServer
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse

QUERY = """\
select base_currency, financial_year, analysis_code, analysis_name,
       sum(net_amount_base) as revenue
from reporting.revenue_by_analysis_code
where income_kind = 'trading'
group by all
order by all"""
"""The query that people are told to try."""

_REVENUE = """
select tenant_id, base_currency, financial_year, analysis_code, analysis_name,
       sum(net_amount_base) as revenue
from reporting.revenue_by_analysis_code
where income_kind = 'trading'
group by all
order by all
"""

_EXCEPTIONS = """
select rule, severity, count(*) as findings, min(message) as example
from quality.exceptions
group by all
order by severity, findings desc, rule
"""


@dataclass(frozen=True)
class RevenueRow:
    """Trading income of one organisation, financial year and analysis code."""

    tenant_id: str
    base_currency: str
    financial_year: int
    analysis_code: str
    analysis_name: str
    revenue: Decimal


@dataclass(frozen=True)
class ExceptionRow:
    """How often a rule found something, with one of its messages."""

    rule: str
    severity: str
    findings: int
    example: str


@dataclass(frozen=True)
class Demo:
    """What the demo did.

    Attributes:
        organisations: Their names by tenant_id.
        sign_in_calls: Calls of the first and the second run that no organisation counts: for
            tokens, and for the list of organisations.
        push: What was written back; None if nothing was planned.
        third: The run that reads what was written.
        changed: Rows per published table that the second run changed.
    """

    home: Path
    published: Path
    organisations: dict[str, str]
    calls_per_minute: int
    sign_in_calls: tuple[int, int]
    first: RunSummary
    second: RunSummary
    push: Push | None
    third: RunSummary | None
    changed: dict[str, int]
    revenue: tuple[RevenueRow, ...]
    exceptions: tuple[ExceptionRow, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all was done, the second run changed nothing, and nothing is planned twice."""
        runs = [self.first, self.second, *([self.third] if self.third else [])]
        done = all(run.is_complete for run in runs) and not any(self.changed.values())
        if self.push is None:
            return done
        planned_after = self.third is not None and self.third.plan is not None
        return done and self.push.is_complete and planned_after and not self.planned_again

    @property
    def planned_next(self) -> list[Operation]:
        """What the plan of the third run holds."""
        return list(self.third.plan.planned) if self.third and self.third.plan else []

    @property
    def planned_again(self) -> list[Operation]:
        """What was written and is planned once more, though nobody changed it: nothing, if right.

        A record that follows from one that was written, as the CRM's codes of a customer that is
        new in Xero, is no such thing: it comes with the plan after.
        """
        if self.push is None:
            return []
        written = {_record(one) for one in self.push.plan.planned}
        return [one for one in self.planned_next if _record(one) in written]

    def figures(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "is_complete": self.is_complete,
            "home": plain(self.home),
            "published": plain(self.published),
            "organisations": self.organisations,
            "calls_per_minute": self.calls_per_minute,
            "sign_in_calls": self.sign_in_calls,
            "first_run": self.first.figures(),
            "second_run": self.second.figures(),
            "written_back": push_figures(self.push) if self.push else None,
            "third_run": self.third.figures() if self.third else None,
            "changed_by_second_run": self.changed,
            "revenue": [plain(row) | {"revenue": str(row.revenue)} for row in self.revenue],
            "exceptions": plain(self.exceptions),
            "query": QUERY,
        }


def run_demo(home: Path, progress: Callable[[str], None]) -> Demo:
    """Run the pipeline against a sandbox of its own, write back, and read what was published.

    Raises:
        HomeRefused: The home holds an organisation which is not the sandbox's.
    """
    link = Warehouse(home).published_path
    with demo_sandbox(home) as (server, settings):
        organisations = {key: each.name for key, each in server.world.organisations.items()}
        progress(
            f"The sandbox serves {len(organisations)} organisations on {server.url}:"
            f" {DEMO_LIMITS.per_minute} calls a minute, where Xero allows 60."
        )
        progress("First run: sync, build, checks, publish.")
        first = run_everything(settings, progress)
        first_calls = _sign_in_calls(server)
        before = link.resolve() if first.publication else None
        progress("Second run, with nothing changed in Xero.")
        second = run_everything(settings, progress)
        sign_in_calls = (first_calls, _sign_in_calls(server) - first_calls)
        changed = changed_rows(before, link.resolve()) if before and second.publication else {}
        push, third = _write_back(settings, second, progress)
    revenue, exceptions = (), ()
    if first.publication and second.publication:
        with duckdb.connect(str(link), read_only=True) as connection:
            revenue = tuple(RevenueRow(*row) for row in connection.execute(_REVENUE).fetchall())
            exceptions = tuple(
                ExceptionRow(*row) for row in connection.execute(_EXCEPTIONS).fetchall()
            )
    return Demo(
        home=home,
        published=link,
        organisations=organisations,
        calls_per_minute=DEMO_LIMITS.per_minute,
        sign_in_calls=sign_in_calls,
        first=first,
        second=second,
        push=push,
        third=third,
        changed=changed,
        revenue=revenue,
        exceptions=exceptions,
    )


def _write_back(
    settings: Settings, run: RunSummary, progress: Callable[[str], None]
) -> tuple[Push | None, RunSummary | None]:
    """Approve and apply the plan of a run as with --yes, and read what was written."""
    if run.plan is None or run.plan.is_empty:
        return None, None
    progress(f"Writing back plan {run.plan.plan_id}: {len(run.plan.planned)} records.")
    push = apply_now(settings, run.plan.plan_id, yes=True, ask=None, progress=progress)
    progress("Third run, which reads what was written; none of it may be planned again.")
    return push, run_everything(settings, progress)


def _record(operation: Operation) -> tuple[str, str, str]:
    return (operation.tenant_id, operation.relation, operation.record_key)


def _sign_in_calls(server: SandboxServer) -> int:
    """Return the calls so far that no organisation counts."""
    calls = server.control.calls.items()
    return sum(count for (_, endpoint), count in calls if endpoint in {"token", "connections"})
