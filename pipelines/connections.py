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


class XeroConnection(Connection):
    """One `[[xero]]` table; limits are Xero's unless it says otherwise."""

    grant: Literal["client_credentials", "authorization_code"] = "client_credentials"
    tenant_ids: tuple[str, ...] = ()
    role: Literal["primary", "secondary"] = "primary"
    suffix: str = ""
    scopes: tuple[str, ...] = ()
    api_url: str = "https://api.xero.com"
    identity_url: str = "https://identity.xero.com"
    calls_per_minute: int = Field(default=60, ge=1)
    calls_per_day: int = Field(default=5000, ge=1)
    concurrent_calls: int = Field(default=5, ge=1, le=5)

    @property
    def is_loopback(self) -> bool:
        """Whether both its addresses stay on this machine, as the sandbox's do."""
        return super().is_loopback and urlsplit(self.identity_url).hostname in LOOPBACK_HOSTS


class SourceConnection(Connection):
    """A system that is not Xero: it names the Xero connection, and organisation, it belongs to.

    Attributes:
        xero: The name of the Xero connection.
        tenant_id: The organisation; may be left out where that connection has only one.
    """

    xero: str
    tenant_id: str = ""


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
