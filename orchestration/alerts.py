"""Whom to tell when a run fails or leaves something undone: the log, a mailbox, a chat.

A notifier is anything with `name` and `send`; `notifiers` returns those that the settings ask for,
and to add one is to add it there. One that fails is logged and never stops another, nor the run.
Neither an address with its password nor a webhook's URL, which is a secret, reaches a log.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from pipelines.settings import Settings, SettingsError

log = logging.getLogger("xero_crm.alerts")
_SECONDS = 20.0
_MOST_CHARACTERS = 3000  # of a chat message; a mail has it all


@dataclass(frozen=True)
class Alert:
    """What happened, in a line, and what is known of it."""

    subject: str
    text: str


class Notifier(Protocol):
    """A way to reach someone."""

    @property
    def name(self) -> str:
        """What it is called where it fails."""
        ...

    def send(self, alert: Alert) -> None:
        """Send it, or raise."""
        ...


@dataclass(frozen=True)
class LogNotifier:
    """Writes to the program's log, which the daemon prints."""

    name: str = "log"

    def send(self, alert: Alert) -> None:
        """Log it as an error."""
        log.error("%s\n%s", alert.subject, alert.text)


@dataclass(frozen=True)
class EmailNotifier:
    """Sends a mail by SMTP: `smtps://` encrypted from the start, `smtp://` by STARTTLS if offered.

    A password is never sent unencrypted.
    """

    smtp_url: str
    sender: str
    recipients: tuple[str, ...]
    name: str = "email"

    def send(self, alert: Alert) -> None:
        """Send it to all recipients."""
        message = EmailMessage()
        message["Subject"] = " ".join(alert.subject.split())
        message["From"], message["To"] = self.sender, ", ".join(self.recipients)
        message.set_content(alert.text)
        url = urlsplit(self.smtp_url)
        context = ssl.create_default_context()
        with self._connect(url.scheme, url.hostname or "", url.port, context) as server:
            is_encrypted = url.scheme == "smtps"
            if not is_encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                is_encrypted = True
            if url.username:
                if not is_encrypted:
                    raise smtplib.SMTPException("the server offers no encryption for a password")
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)

    @staticmethod
    def _connect(scheme: str, host: str, port: int | None, context: ssl.SSLContext) -> smtplib.SMTP:
        if scheme == "smtps":
            return smtplib.SMTP_SSL(host, port or 465, timeout=_SECONDS, context=context)
        server = smtplib.SMTP(host, port or 587, timeout=_SECONDS)
        server.ehlo()
        return server


@dataclass(frozen=True)
class WebhookNotifier:
    """Posts `{"text": …}` to an incoming webhook, as Slack and its kin take it."""

    url: str
    name: str = "webhook"

    def send(self, alert: Alert) -> None:
        """Post it; an answer other than 2xx is an error."""
        text = f"{alert.subject}\n{alert.text}"[:_MOST_CHARACTERS]
        answer = httpx.post(
            self.url,
            content=json.dumps({"text": text}),
            headers={"Content-Type": "application/json"},
            timeout=_SECONDS,
        )
        if not answer.is_success:
            raise ConnectionError(f"it answered {answer.status_code}")


def notifiers(settings: Settings) -> list[Notifier]:
    """Return the log and whatever else the settings ask for.

    Raises:
        SettingsError: There is someone to mail to and no usable server, or no sender.
    """
    found: list[Notifier] = [LogNotifier()]
    if settings.alert_email_to:
        url = settings.alert_smtp_url.get_secret_value() if settings.alert_smtp_url else ""
        if urlsplit(url).scheme not in ("smtp", "smtps") or not settings.alert_email_from:
            raise SettingsError(
                "XERO_CRM_ALERT_EMAIL_TO is set: also set XERO_CRM_ALERT_EMAIL_FROM, and"
                " XERO_CRM_ALERT_SMTP_URL as smtp://user:password@host:587 or smtps://…."
            )
        recipients = tuple(each.strip() for each in settings.alert_email_to.split(","))
        found.append(EmailNotifier(url, settings.alert_email_from, recipients))
    if settings.alert_webhook_url:
        found.append(WebhookNotifier(settings.alert_webhook_url.get_secret_value()))
    return found


def notify(to: list[Notifier], alert: Alert) -> list[str]:
    """Send an alert by each; return the names of those that failed, which are logged."""
    failed = []
    for notifier in to:
        try:
            notifier.send(alert)
        except Exception as error:
            # Its kind alone: httpx puts the URL into its texts, and a server may repeat a login.
            log.warning(
                "The alert could not be sent by %s: %s", notifier.name, type(error).__name__
            )
            failed.append(notifier.name)
    return failed
