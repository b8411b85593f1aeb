"""What Xero's webhooks say: whether a body is Xero's, and which records of which organisation.

In: the raw body and its signature. Out: events, ids only; the records are fetched by the next sync.
Format: https://developer.xero.com/documentation/guides/webhooks/overview/
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

SIGNATURE = "x-xero-signature"

ENDPOINT_OF: Mapping[str, str] = {
    "CONTACT": "Contacts",
    "INVOICE": "Invoices",
    "CREDITNOTE": "CreditNotes",
    "PREPAYMENT": "Prepayments",
    "OVERPAYMENT": "Overpayments",
}
"""The list that shows the records of a category; a SUBSCRIPTION is none of an organisation's."""

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Event:
    """One record that Xero says has changed; `happened_at` as Xero writes it, UTC without zone."""

    tenant_id: str
    endpoint: str
    record_id: str
    kind: str
    happened_at: str


class _Event(msgspec.Struct, rename="camel"):
    resource_id: str
    tenant_id: str
    event_category: str
    event_type: str
    event_date_utc: str
    tenant_type: str = "ORGANISATION"


class _Delivery(msgspec.Struct):
    events: list[_Event]


class Unreadable(Exception):
    """A body that Xero signed and that is not what Xero documents."""


def is_signed(body: bytes, signature: str, key: str) -> bool:
    """Whether the signature is that of the raw body; takes as long whatever it holds."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.strip().encode())


def read_events(body: bytes) -> list[Event]:
    """Return the events that are about records we read; intent-to-receive has none.

    Raises:
        Unreadable: The body has another shape.
    """
    try:
        delivery = msgspec.json.decode(body, type=_Delivery)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None
    return [
        Event(
            each.tenant_id.lower(),
            ENDPOINT_OF[each.event_category.upper()],
            each.resource_id.lower(),
            each.event_type.upper(),
            each.event_date_utc,
        )
        for each in delivery.events
        if each.event_category.upper() in ENDPOINT_OF
        and each.tenant_type.upper() == "ORGANISATION"
        # An id stands in a filter later: nothing but an id may.
        and _ID.fullmatch(each.resource_id.lower())
        and _ID.fullmatch(each.tenant_id.lower())
    ]
