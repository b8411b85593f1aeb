"""`xero-crm`: parses, calls, prints. What a command does is in the function it calls.

Heavy imports are inside the commands, so that help comes at once. Results go to stdout, progress
and errors to stderr. Exit status: 0 done; 1 finished, but something asked for was not done; 2
could not run, and one line says why.
"""

from __future__ import annotations

import enum
import sys
import traceback
from functools import partial
from typing import Annotated

import typer

from orchestration.cli_results import (
    AsJson,
    fail,
    finish,
    report,
    show_progress,
    usable_settings,
)
from orchestration.export_command import export
from orchestration.page_commands import dashboard, ui
from orchestration.push_commands import add_push_commands
from orchestration.relevance_command import relevance
from orchestration.xero_commands import connect, webhooks

app = typer.Typer(
    rich_markup_mode=None,  # half a second less for --help
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="""Keep the analysis data of a business in step between Xero and its other systems.

    Start with `xero-crm demo`: it needs no account. Then connect an organisation (README) and use
    `xero-crm run`. Analysts open marts.duckdb in the home folder.

    Exit status: 0 done; 1 finished, but something asked for was not done (it is listed); 2 could
    not run (one line says why and what to do).

    Settings come from the environment or .env: XERO_CRM_HOME (data/local), XERO_CRM_CONNECTIONS
    (data/settings/connections.toml), XERO_CRM_SETTINGS_DIR (data/settings).""",
)
sandbox = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The sandbox systems, for development."
)
app.command()(connect)
app.command()(export)
add_push_commands(app)
app.add_typer(sandbox, name="sandbox")
app.add_typer(webhooks, name="webhooks")


class Only(str, enum.Enum):  # noqa: UP042 - typer shows StrEnum values worse
    """What `sync --only` accepts."""

    configuration = "configuration"
    events = "events"


@app.command()
def demo(as_json: AsJson = False) -> None:
    """Run everything against a sandbox Xero, and show the outcome.

    Starts a sandbox Xero, reads it, builds and checks the tables, publishes them, and again to show
    that nothing changes. Then writes back what is planned, and shows that nothing is left to write.
    Needs no account and no network. Refuses a home that holds a real organisation.
    """
    from orchestration.demo import run_demo
    from orchestration.demo_report import show_demo
    from pipelines.settings import load_settings

    done = run_demo(load_settings().home, show_progress)
    finish(done, done.figures(), show_demo, as_json=as_json, is_complete=done.is_complete)


@app.command()
def sync(
    connection: Annotated[
        str | None, typer.Option(help="Read this connection of connections.toml only.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything again, not only what changed.")
    ] = False,
    only: Annotated[
        Only | None,
        typer.Option(help="Accounts, tracking, tax and items; or what webhooks told of."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read Xero and the settings files into the raw log.

    Reads what changed since the last complete read, per organisation; one that cannot be read does
    not stop the others.
    """
    from orchestration import printing
    from orchestration.homes import refuse_where_nothing_is_connected
    from orchestration.summaries import sync_figures
    from pipelines.held import tenants_held
    from pipelines.sync import sync_all
    from pipelines.warehouse import warehouse_of

    settings = usable_settings()
    refuse_where_nothing_is_connected(settings)
    done = sync_all(
        settings,
        connection=connection,
        full=full,
        only=only.value if only else None,
        progress=show_progress,
    )
    names = tenants_held(warehouse_of(settings))
    show = partial(printing.show_sync, names=names)
    finish(done, sync_figures(done), show, as_json=as_json, is_complete=done.is_complete)


@app.command()
def build(
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Rebuild every table from the whole raw log.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build and check every table from the raw log, with dbt."""
    from orchestration import dbt, printing
    from orchestration.summaries import build_figures

    done = dbt.build(usable_settings(), full_refresh=full_refresh, progress=show_progress)
    finish(
        done, build_figures(done), printing.show_build, as_json=as_json, is_complete=done.succeeded
    )


@app.command()
def publish(as_json: AsJson = False) -> None:
    """Replace the file that analysts read.

    Does nothing if the latest build failed. Whoever has the former file open keeps it; opening
    marts.duckdb again gives the new one.
    """
    from orchestration import printing
    from orchestration.publication import PublicationWithheld, publish_latest_build
    from orchestration.summaries import publication_figures
    from pipelines.sync_results import new_run_id

    try:
        done = publish_latest_build(usable_settings(), new_run_id())
    except PublicationWithheld as error:
        fail(1, str(error), as_json=as_json)
    else:
        figures, show = publication_figures(done), printing.show_publication
        finish(done, figures, show, as_json=as_json, is_complete=not done.held_back)


@app.command()
def run(as_json: AsJson = False) -> None:
    """Sync, build, publish and plan, as one Dagster run.

    It is over every organisation. One that cannot be read is listed, and the others are published;
    a failed model or check publishes nothing. `xero-crm ui` shows the run afterwards.
    """
    from orchestration import printing
    from orchestration.run import run_everything

    done = run_everything(usable_settings(), show_progress)
    finish(done, done.figures(), printing.show_run, as_json=as_json, is_complete=done.is_complete)


@app.command()
def explain(
    document: Annotated[str, typer.Argument(help="Its number or id, or system:type:id.")],
    line: Annotated[int | None, typer.Option(help="Explain this line only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show why each line of an outgoing document got its account, tax and tracking.

    Per line: what was used and what supplied it, what else was considered and why it was not used,
    and what is wrong and what to do. It reads the published file, so it shows the last run.
    """
    from orchestration.explain_report import show_explanation
    from orchestration.explanation import explain as explained
    from orchestration.summaries import plain

    done = explained(usable_settings(), document, line)
    finish(done, plain(done), show_explanation, as_json=as_json, is_complete=True)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check the settings against Xero, and the connections, and say what to do.

    Default accounts, tax mappings, tracking and names in the settings files, as the last run found
    them; then, live, each connection: whether it answers, what it may read, the clock, the calls
    left; and when each list was last read. Findings are counted and are no failure; the status is
    1 if something could not be checked.
    """
    from orchestration.doctor import examine
    from orchestration.doctor_report import show_diagnosis

    done = examine(usable_settings(), progress=show_progress)
    finish(done, done.figures(), show_diagnosis, as_json=as_json, is_complete=done.is_complete)


app.command()(ui)
app.command()(dashboard)
app.command()(relevance)


@sandbox.command("serve")
def serve_sandbox(
    port: Annotated[int, typer.Option(help="Port on this machine; 0 takes a free one.")] = 8765,
    scale: Annotated[int, typer.Option(min=1, help="Times the documents of the demo.")] = 1,
) -> None:
    """Serve the sandbox Xero until it is stopped.

    Listens on this machine only, with Xero's own limits. Its client id and secret are printed.
    """
    from orchestration.sandbox import serve_until_stopped

    serve_until_stopped(port, scale, show_progress)


def main() -> None:
    """Run the command line; every error becomes one line and a status of 2."""
    try:
        app(prog_name="xero-crm")
    except Exception as error:
        from orchestration.errors import is_expected
        from pipelines.disk import FULL, is_full

        full = is_full(error)
        if not full and not is_expected(error):
            traceback.print_exception(error)
        report(
            FULL if full else str(error) or type(error).__name__,
            as_json="--json" in sys.argv,
            code=2,
        )
        sys.exit(2)
