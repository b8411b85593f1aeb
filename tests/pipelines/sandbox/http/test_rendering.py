from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from pipelines.sandbox.rendering import encode, ms_date


def parsed(text: str) -> dict:
    return json.loads(text, parse_float=Decimal)


def test_money_keeps_its_decimals_and_never_goes_through_float(client, an_invoice, line):
    price = Decimal("999999999999.9900")
    an_invoice(1, LineItems=[line(UnitAmount=price, TaxType="NONE")])
    text = client.get("Invoices", page=1, unitdp=4).text
    assert '"UnitAmount":999999999999.9900' in text
    assert '"Total":999999999999.99,' in text


@pytest.mark.parametrize(
    ("value", "text"),
    [("17.96", "17.96"), ("0.00", "0.00"), ("1E+3", "1000"), ("0E-8", "0.00000000")],
)
def test_numbers_are_written_without_an_exponent(value, text):
    from pipelines.sandbox.paging import Rendering
    from pipelines.sandbox.rendering import to_wire
    from pipelines.sandbox.resources import RESOURCES

    record = {"TaxType": "X", "EffectiveRate": Decimal(value)}
    wire = to_wire(RESOURCES["taxrates"], record, Rendering(is_full=True))
    assert encode(wire).decode() == f'{{"TaxType":"X","EffectiveRate":{text}}}'


def test_unit_amounts_are_rounded_to_2_decimals_without_unitdp_4(client, an_invoice):
    an_invoice(1)
    rounded = parsed(client.get("Invoices", page=1).text)["Invoices"][0]["LineItems"][0]
    exact = parsed(client.get("Invoices", page=1, unitdp=4).text)["Invoices"][0]["LineItems"][0]
    assert rounded["UnitAmount"] == Decimal("17.96")
    assert exact["UnitAmount"] == Decimal("17.9567")


def test_the_same_is_true_of_the_prices_of_items_and_of_single_records(client, an_invoice):
    an_invoice(1)
    assert '"UnitPrice":17.96,' in client.get("Items").text
    assert '"UnitPrice":17.9567,' in client.get("Items", unitdp=4).text
    assert '"UnitAmount":17.9567,' in client.get("Invoices/INV-0001", unitdp=4).text


def test_calendar_dates_come_as_milliseconds_with_their_companion_strings(client, an_invoice):
    an_invoice(1)
    invoice = client.records("Invoices", page=1)[0]
    assert invoice["Date"] == "/Date(1792454400000+0000)/"
    assert invoice["DateString"] == "2026-10-20T00:00:00"
    assert invoice["DueDateString"] == "2026-11-20T00:00:00"


def test_change_stamps_come_as_milliseconds_and_on_documents_as_text_too(client, an_invoice):
    an_invoice(1, UpdatedDateUTC=datetime(2026, 11, 2, 9, 0, 1, 123000, tzinfo=UTC))
    invoice = client.records("Invoices", page=1)[0]
    assert invoice["UpdatedDateUTC"] == "/Date(1793610001123+0000)/"
    assert invoice["UpdatedDateUTCString"] == "2026-11-02T09:00:01Z"
    assert "UpdatedDateUTCString" not in client.records("Contacts", page=1)[0]


def test_dates_before_1970_are_negative_and_instants_are_utc():
    assert ms_date(date(1969, 12, 31)) == "/Date(-86400000+0000)/"
    assert ms_date(datetime(1970, 1, 1, tzinfo=UTC)) == "/Date(0+0000)/"
    in_auckland = datetime(2026, 11, 2, 22, 0, 0, 999999, timezone(timedelta(hours=13)))
    assert ms_date(in_auckland) == "/Date(1793610000999+0000)/"


def test_names_with_emoji_quotes_and_trailing_spaces_arrive_as_they_are(client, organisation, ids):
    name = 'Zoë "Boats" & <Söhne> ⛵ '
    organisation.change("Contacts", ids("contact", 1), Name=name)
    assert client.records(f"Contacts/{ids('contact', 1)}")[0]["Name"] == name
    assert "Zo" in client.get("Contacts", json=False).text
