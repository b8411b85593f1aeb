"""A client that writes to the small organisation, and what it sends."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from xero_writes import Outcome, XeroWriter

from pipelines.sandbox.organisation import ID_FIELDS, Organisation

CUSTOMER = "c0000000-0000-4000-8000-000000000001"
Make = Callable[..., dict[str, Any]]
Send = Callable[..., Outcome]


@pytest.fixture(scope="session")
def checker_if_there(shared_reference: Path) -> Any:
    """The official OpenAPI file; None where the reference folder is missing."""
    path = shared_reference / "xero_openapi_conformance.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # its NamedTuple looks its own module up
    spec.loader.exec_module(module)
    return module.SpecChecker()


@pytest.fixture
def writer(client: Any, organisation: Organisation, checker_if_there: Any) -> Iterator[XeroWriter]:
    """Write to an organisation with more in its chart; each call passes the official file."""
    text = Path(__file__).with_name("more_to_write_with.json").read_text("utf-8")
    for endpoint, records in json.loads(text, parse_float=Decimal).items():
        for record in records:
            assert record[ID_FIELDS[endpoint]] not in organisation.records[endpoint]
            organisation.add(endpoint, record)
    with XeroWriter(client.server, client.tenant_id, checker=checker_if_there) as writer:
        yield writer
    assert writer.problems == []


@pytest.fixture
def sent_line() -> Make:
    """Make a line as an integration sends it; None leaves a field out."""
    return a_line


@pytest.fixture
def sale() -> Make:
    """Make a draft sales invoice as an integration sends it; give fields to change it."""
    return a_sale


@pytest.fixture
def send(writer: XeroWriter) -> Send:
    """Send one document; return its outcome."""
    return lambda element, endpoint="Invoices", **more: writer.send(endpoint, [element], **more)[0]


@pytest.fixture
def send_line(send: Send) -> Send:
    """Send a sales invoice of one line; fields of the document stand under `document`."""

    def send_one(document: dict[str, Any] | None = None, **fields: Any) -> Outcome:
        return send(a_sale(a_line(**fields), **(document or {})))

    return send_one


@pytest.fixture
def change(send: Send) -> Send:
    """Change fields of an invoice that was saved."""
    return lambda record, **fields: send({"InvoiceID": record["InvoiceID"], **fields})


def a_line(**fields: Any) -> dict[str, Any]:
    line = {
        "Description": "Hull paint",
        "Quantity": 2,
        "UnitAmount": Decimal("50.00"),
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
        **fields,
    }
    return {name: value for name, value in line.items() if value is not None}


def a_sale(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    document = {
        "Type": "ACCREC",
        "Contact": {"ContactID": CUSTOMER},
        "Date": "2026-10-20",
        "DueDate": "2026-11-20",
        "LineItems": list(lines) or [a_line()],
        **fields,
    }
    return {name: value for name, value in document.items() if value is not None}
