"""What the extract reads of Unleashed's API, as data.

An endpoint is an entry here, a staging model and its YAML. Every resource has numbered pages, a
Guid and LastModifiedOn; `modifiedSince` is a day in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ID_FIELD = "Guid"
STAMP = "LastModifiedOn"
PAGE_SIZE = 200  # the vendor's default, and the largest that is documented


@dataclass(frozen=True)
class Endpoint:
    """One resource.

    Attributes:
        name: As in the URL.
        table: The raw table.
        params: Sent with every call.
    """

    name: str
    table: str
    params: Mapping[str, str] = field(default_factory=dict)


ENDPOINTS: dict[str, Endpoint] = {
    endpoint.name: endpoint
    for endpoint in (
        Endpoint("Customers", "customers", {"includeObsolete": "true"}),
        Endpoint("Products", "products", {"includeObsolete": "true"}),
        Endpoint("SalesOrders", "sales_orders"),
        # Deleted ones are shown only to who asks for that status; a read of changes must see them.
        Endpoint("Invoices", "invoices", {"invoiceStatus": "Parked,Completed,Deleted"}),
    )
}
