"""`xero-crm webhooks serve`: the receiver of Xero's webhooks, until it is stopped."""

from __future__ import annotations

from collections.abc import Callable

import uvicorn
from pydantic import SecretStr

from orchestration.errors import CannotRun
from pipelines.settings import Settings
from pipelines.xero.webhook_app import webhook_app
from pipelines.xero.webhook_store import WebhookStore

SECONDS_TO_FINISH = 4


def webhook_keys(settings: Settings) -> dict[str, SecretStr]:
    """Return the webhook keys that are set, by connection.

    Raises:
        CannotRun: None is.
    """
    names = [connection.name for connection in settings.xero_connections()]
    keys = {name: key for name in names if (key := settings.credentials(name).webhook_key)}
    if not keys:
        raise CannotRun(
            "No webhook key is set. Xero shows it where the app's webhooks are configured; set it "
            f"as {' or '.join(f'XERO_CRM_{name.upper()}_WEBHOOK_KEY' for name in names)}."
            if names
            else f"{settings.connections} has no [[xero]] connection."
        )
    return keys


def serve_webhooks(
    settings: Settings, host: str, port: int, progress: Callable[[str], None]
) -> None:
    """Receive until SIGINT or SIGTERM arrives.

    Raises:
        CannotRun: No webhook key is set, or the port cannot be used.
    """
    keys = webhook_keys(settings)
    for name in keys:
        progress(f"{name}: http://{host}:{port}/webhooks/{name}")
    progress("Let an https address lead there and give it to Xero. Stop with Ctrl-C.")
    with WebhookStore(settings.home) as store:
        config = uvicorn.Config(
            webhook_app(keys, store),
            host=host,
            port=port,
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )
        try:
            uvicorn.Server(config).run()
        except SystemExit:  # how uvicorn says that it could not listen
            raise CannotRun(f"Port {port} of {host} cannot be used; choose another one.") from None
