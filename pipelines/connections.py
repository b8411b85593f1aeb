"""The tables of connections.toml: which systems are connected, and how. No secrets in them."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

LOOPBACK_HOSTS = {"127.0.0.1", "localhost", "::1"}


class Connection(BaseModel):
    """What every table has: a short name, used in file names and on the command line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    api_url: str

    @property
    def is_loopback(self) -> bool:
        """Whether its addresses stay on this machine, as the sandbox's do."""
        return urlsplit(self.api_url).hostname in LOOPBACK_HOSTS


XERO_IDENTITY = "https://identity.xero.com"
XERO_LOGIN = "https://login.xero.com"


class XeroConnection(Connection):
    """One `[[xero]]` table; limits are Xero's unless it says otherwise.

    Attributes:
        scopes: What to ask for: empty or "granular" for what the endpoints need, "broad" for an
            older app's, or a list.
        may_write: Ask for the right to write what can be sent to Xero, too.
        endpoints_off: Xero's names of endpoints that are not read.
        endpoints_daily: Names of lists without pages that are not read by every run, but within
            `whole_reread_hours`.
        endpoints_on: Xero's names of endpoints that are read only where this names them: Journals.
        redirect_port: Where a sign-in comes back to on this machine; part of the redirect URI
            that the app's settings in Xero hold.
        whole_reread_hours: Within how long each list is read whole again.
        whole_reread_calls_per_run: How many calls that may take of one run and organisation; by
            default a fiftieth of the day's.
    """

    grant: Literal["client_credentials", "authorization_code"] = "client_credentials"
    tenant_ids: tuple[str, ...] = ()
    role: Literal["primary", "secondary"] = "primary"
    suffix: str = ""
    scopes: tuple[str, ...] | Literal["granular", "broad"] = ()
    may_write: bool = False
    endpoints_off: tuple[str, ...] = ()
    endpoints_daily: tuple[str, ...] = ()
    endpoints_on: tuple[Literal["Journals"], ...] = ()
    redirect_port: int = Field(default=8974, ge=1024, le=65535)
    api_url: str = "https://api.xero.com"
    identity_url: str = XERO_IDENTITY
    calls_per_minute: int = Field(default=60, ge=1)
    calls_per_day: int = Field(default=5000, ge=1)
    concurrent_calls: int = Field(default=5, ge=1, le=5)
    whole_reread_hours: int = Field(default=24, ge=1)
    whole_reread_calls_per_run: int | None = Field(default=None, ge=0)

    @property
    def reread_calls(self) -> int:
        """How many calls of a run the whole re-read may take of one organisation."""
        given = self.whole_reread_calls_per_run
        return max(10, self.calls_per_day // 50) if given is None else given

    @property
    def login_url(self) -> str:
        """Where people sign in: Xero has a host of its own for it, others have the one."""
        own = self.identity_url.rstrip("/")
        return XERO_LOGIN if own == XERO_IDENTITY else own

    @property
    def is_loopback(self) -> bool:
        """Whether both its addresses stay on this machine, as the sandbox's do."""
        return super().is_loopback and urlsplit(self.identity_url).hostname in LOOPBACK_HOSTS


class SourceConnection(Connection):
    """A system that is not Xero: it names the Xero connection, and organisation, it belongs to.

    Attributes:
        xero: The name of the Xero connection.
        tenant_id: The organisation; may be left out where that connection has only one.
        invoice_prefix: What the numbers of its sales invoices and credit notes begin with in Xero.
    """

    xero: str
    tenant_id: str = ""
    invoice_prefix: str = Field(default="", max_length=20)


class WorkGuruConnection(SourceConnection):
    """One `[[workguru]]` table: jobs, purchases, stock. Its limits are not known: be polite."""

    api_url: str = "https://api.workguru.io"
    calls_per_minute: int = Field(default=60, ge=1)


class ProspectConnection(SourceConnection):
    """One `[[prospect]]` table: the CRM, one operating company of it."""

    api_url: str = "https://crm-odata-v1.prospect365.com"
    operating_company: str = "A"
    calls_per_ten_minutes: int = Field(default=1200, ge=1)


class UnleashedConnection(SourceConnection):
    """One `[[unleashed]]` table: stock and orders. Its allowance depends on the plan bought."""

    api_url: str = "https://api.unleashedsoftware.com"
    calls_per_minute: int = Field(default=60, ge=1)


CONNECTION_TYPES: dict[str, type[Connection]] = {
    "xero": XeroConnection,
    "workguru": WorkGuruConnection,
    "prospect": ProspectConnection,
    "unleashed": UnleashedConnection,
}
