"""The commands of the write-back: plan, approve, apply, undo, report pushes.

Parses, calls, prints; heavy imports are inside the commands.
"""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli_results import AsJson, finish, show_progress, usable_settings
from orchestration.revenue_command import report_revenue

if TYPE_CHECKING:
    from pipelines.settings import Settings

PlanId = Annotated[str, typer.Argument(help="As `xero-crm plan` names it.")]
# For the dashboard: recorded beside the user who runs the command, never instead.
SignedIn = Annotated[str | None, typer.Option("--signed-in", hidden=True)]


def add_push_commands(app: typer.Typer) -> None:
    """Add them to the command line."""
    for command in (plan, approve, reject, apply, undo):
        app.command()(command)
    reports = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Reports, as files.")
    reports.command("pushes")(report_pushes)
    reports.command("revenue")(report_revenue)
    app.add_typer(reports, name="report")


def plan(
    target: Annotated[
        str | None, typer.Option(help="Plan for this system only: xero, prospect, workguru.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show, field by field, what would be written, and what is blocked and why.

    Writes nothing outside. What is not switched on in push_policy.csv is counted and not planned.
    The plan is kept under its name until it expires; one that says the same is the same plan.
    """
    from orchestration.plan_report import show_plan
    from orchestration.push_report import plan_figures
    from orchestration.pushing import plan_now

    settings = usable_settings()
    done = plan_now(settings, target)
    show = partial(show_plan, names=_names(settings))
    finish(done, plan_figures(done), show, as_json=as_json, is_complete=True)


def approve(
    plan_id: PlanId,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Approve these records: key, label or operation, with * and ?."),
    ] = None,
    excepted: Annotated[
        list[str] | None, typer.Option("--except", help="Leave these records out.")
    ] = None,
    signed_in: SignedIn = None,
    as_json: AsJson = False,
) -> None:
    """Approve records of a plan, as the user who runs this.

    What is out of date, or stopped by a limit, is refused and listed, and the status is 1.
    """
    from orchestration.deciding import approve_now
    from orchestration.push_report import approved_figures, show_approved

    settings = usable_settings()
    done = approve_now(settings, plan_id, only or (), excepted or (), signed_in)
    show = partial(show_approved, names=_names(settings))
    finish(done, approved_figures(done), show, as_json=as_json, is_complete=done.is_complete)


def reject(
    plan_id: PlanId,
    only: Annotated[
        list[str], typer.Option(help="Reject these records: key, label or operation, with * and ?.")
    ],
    signed_in: SignedIn = None,
    as_json: AsJson = False,
) -> None:
    """Say that records of a plan are not to be written, as the user who runs this.

    They are left out until something of them changes, or somebody approves them by name. What is
    sent already is listed, and the status is 1.
    """
    from orchestration.deciding import reject_now
    from orchestration.push_report import rejected_figures, show_rejected

    done = reject_now(usable_settings(), plan_id, only, signed_in)
    finish(
        done, rejected_figures(done), show_rejected, as_json=as_json, is_complete=not done.refused
    )


def apply(
    plan_id: PlanId,
    yes: Annotated[bool, typer.Option("--yes", help="Approve as the user who runs this.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write what is approved of a plan, and nothing else.

    If you have approved some of its records, those are written. Else it asks on a terminal, and
    your answer or --yes approves them all. Interrupted at any point, run it again: it goes on.
    """
    from orchestration.push_report import ask_at_terminal, push_figures, show_push
    from orchestration.pushing import apply_now

    settings = usable_settings()
    ask = ask_at_terminal(_names(settings)) if sys.stdin.isatty() and not as_json else None
    done = apply_now(settings, plan_id, yes=yes, ask=ask, progress=show_progress)
    finish(done, push_figures(done), show_push, as_json=as_json, is_complete=done.is_complete)


def undo(
    operations: Annotated[
        list[str], typer.Argument(help="As `xero-crm report pushes` lists them.")
    ],
    as_json: AsJson = False,
) -> None:
    """Make a plan that undoes operations: the fields as they were, drafts deleted.

    It is approved and applied like any other. What cannot be undone is listed, with the reason.
    """
    from orchestration.plan_report import show_plan
    from orchestration.push_report import plan_figures
    from orchestration.pushing import undo_now

    settings = usable_settings()
    done = undo_now(settings, operations)
    is_complete = len(done.planned) == len(done.operations)
    show = partial(show_plan, names=_names(settings))
    finish(done, plan_figures(done), show, as_json=as_json, is_complete=is_complete)


def report_pushes(
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day (UTC).")
    ],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day (UTC).")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with every column.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what was sent, record by record: who approved it, when, and what came of it."""
    from orchestration.push_report import show_pushes
    from orchestration.pushing import pushes_between
    from orchestration.summaries import plain
    from pipelines.push import history

    settings = usable_settings()
    rows = pushes_between(settings, first.date(), last.date())
    if as_csv:
        typer.echo(history.as_csv(rows), nl=False)
        raise typer.Exit(0)
    show = partial(show_pushes, names=_names(settings))
    finish(rows, {"pushes": plain(rows)}, show, as_json=as_json, is_complete=True)


def _names(settings: Settings) -> dict[str, str]:
    """Return the organisations' names by tenant_id, as far as they are known."""
    from orchestration.organisation_names import organisation_names

    return organisation_names(settings)
