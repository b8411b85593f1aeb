"""Hands the environment on to the processes we start, with our settings written into it.

What the settings are is read in `pipelines/settings.py` alone; nothing is looked up here.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.raw_log import RawLog
from pipelines.settings import PREFIX, Credentials, Settings

TELEMETRY_OFF = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}


def child_environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the environment for a child: ours, these settings as absolute paths, and `more`."""
    return os.environ | settings_variables(settings) | TELEMETRY_OFF | more


def settings_variables(settings: Settings) -> dict[str, str]:
    """Return the settings as the variables that `load_settings` would read them from."""
    paths = {
        f"{PREFIX}{name.upper()}": str(Path(getattr(settings, name)).resolve())
        for name in ("home", "connections", "settings_dir")
    }
    log = RawLog(settings.raw_log_url).url if settings.raw_log_url else ""
    launcher = str(settings.dagster_launcher.resolve()) if settings.dagster_launcher else ""
    # Blank is the default: a child must not read .env's.
    secrets = {
        f"{PREFIX}{name.upper()}": value.get_secret_value() if value else ""
        for name in ("ledger_url", "dagster_url", "alert_smtp_url", "alert_webhook_url")
        for value in [getattr(settings, name)]
    }
    return {
        **paths,
        **secrets,
        f"{PREFIX}RAW_LOG_URL": log,
        f"{PREFIX}DAGSTER_LAUNCHER": launcher,
        f"{PREFIX}ALERT_EMAIL_TO": settings.alert_email_to,
        f"{PREFIX}ALERT_EMAIL_FROM": settings.alert_email_from,
        f"{PREFIX}PLAN_EXPIRES_DAYS": str(settings.plan_expires_days),
        f"{PREFIX}FOUR_EYES": str(settings.four_eyes).lower(),
        f"{PREFIX}ORGANISATIONS_AT_ONCE": str(settings.organisations_at_once),
        f"{PREFIX}APPROVERS": settings.approvers,
    }


def set_credentials(connection: str, credentials: Credentials) -> None:
    """Set the secrets of a connection for this process and its children.

    Only for the sandbox, whose secrets are no secrets: a real one comes from the environment.
    """
    given = {
        "CLIENT_ID": credentials.client_id,
        "CLIENT_SECRET": credentials.client_secret and credentials.client_secret.get_secret_value(),
        "TOKEN": credentials.token and credentials.token.get_secret_value(),
    }
    os.environ.update(
        {f"{PREFIX}{connection.upper()}_{name}": value for name, value in given.items() if value}
    )


def set_dagster_url(url: str) -> None:
    """Set the address of Dagster's history for this process and its children, and for no file."""
    os.environ.update({f"{PREFIX}DAGSTER_URL": url})
