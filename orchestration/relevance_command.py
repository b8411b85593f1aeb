"""The command `xero-crm relevance`: parses, calls, prints."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli_results import AsJson, finish, usable_settings

Named = Annotated[
    list[str] | None,
    typer.Option(metavar="CATEGORY[/OPTION]", help="Offer this category, or this option of it."),
]


def relevance(
    tenant_id: Annotated[str, typer.Argument(help="The organisation's id.")],
    offer: Named = None,
    hide: Annotated[
        list[str] | None, typer.Option(metavar="CATEGORY[/OPTION]", help="Hide it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Choose which tracking categories and options are offered for new documents.

    By their ids in Xero. It writes tracking_relevance.csv, which the next run codes by; a hidden
    one that a record already has is still sent.
    """
    from orchestration.relevance import FILE, choose_tracking
    from orchestration.tracking_choices import tracking_choices

    settings = usable_settings()
    choices = tracking_choices(settings, tenant_id, offer or (), hide or ())
    changed = choose_tracking(settings, choices)
    figures = {"changed": changed, "file": str(settings.settings_dir / f"{FILE}.csv")}
    finish(changed, figures, _show, as_json=as_json, is_complete=True)


def _show(changed: int) -> None:
    typer.echo(f"{changed} rows of tracking_relevance.csv changed.")
