"""What bank transactions, prepayments, overpayments, transfers and opening balances post.

Bank transactions that repeat an advance or a transfer post nothing: what they repeat does.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING

from pipelines.sandbox.clearing import Cleared
from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import ZERO, to_cents
from pipelines.sandbox.postings import Journal, Side, Sides, to_base, total

if TYPE_CHECKING:
    from pipelines.sandbox.organisation import Organisation

ADVANCES = ("Prepayments", "Overpayments")
OWN_TYPES = ("SPEND", "RECEIVE")
Accounts = Mapping[str, str]
Entries = Iterator[tuple[Journal, Sides]]


def money_entries(organisation: Organisation, system: Accounts) -> Entries:
    """Yield bank transactions, advances as they were received or paid, transfers, the opening."""
    records = organisation.records
    for identity, record in records["BankTransactions"].items():
        if record["Type"] in OWN_TYPES and record["Status"] == "AUTHORISED":
            bank_id = record["BankAccount"]["AccountID"]
            yield (
                Journal(identity, record["Date"], record["Type"], record["Contact"]["ContactID"]),
                _received(record, bank_id, organisation, system),
            )
    for endpoint in ADVANCES:
        for identity, record in records[endpoint].items():
            if record["Status"] in ("AUTHORISED", "PAID"):
                yield (
                    Journal(
                        identity, record["Date"], record["Type"], record["Contact"]["ContactID"]
                    ),
                    advance_sides(endpoint, record, organisation, system),
                )
    for identity, record in records["BankTransfers"].items():
        if record["Status"] == "AUTHORISED":
            yield Journal(identity, record["Date"], "TRANSFER"), _moved(record, organisation)
    opening = organisation.opening
    if opening.balances:
        yield (
            Journal("CONVERSION", opening.date, "CONVERSION"),
            [
                Side(
                    None,
                    one.account_id,
                    one.amount,
                    currency=organisation.bank_currency(one.account_id),
                    currency_amount=one.currency_amount,
                )
                for one in opening.balances
            ],
        )


def advance_sides(
    endpoint: str, record: Record, organisation: Organisation, system: Accounts
) -> Sides:
    """Return what an advance posts when the money moves; the bank account's side first."""
    id_field = f"{endpoint.removesuffix('s')}ID"
    bank_id = organisation.bank_of(id_field, record[id_field])
    return _received(record, bank_id, organisation, system)


def reversed_sides(
    posted: Sides,
    clearing: Mapping[Hashable, Cleared],
    system: Accounts,
    sign: int,
) -> dict[Hashable, Sides]:
    """Return what each settlement of an advance takes back of its sides, the bank's apart.

    In proportion, each side rounded to cents, what rounding leaves on ROUNDING; the settlement that
    uses the advance up takes back all that is left of each side.
    """
    others, taken = posted[1:], [ZERO] * len(posted[1:])
    found: dict[Hashable, Sides] = {}
    for key, one in clearing.items():
        sides: Sides = []
        for at, side in enumerate(others):
            rest = side.amount_base - taken[at]
            part = rest if one.share is None else to_cents(side.amount_base * one.share)
            taken[at] += part
            amount = sign * one.amount if side.currency else ZERO
            sides.append(
                Side(side.position, side.account_id, -part, side.tracking, side.currency, amount)
            )
        left = sign * one.base - total(sides)
        if left:
            sides.append(Side(None, system["ROUNDING"], left))
        found[key] = sides
    return found


def _received(record: Record, bank_id: str, organisation: Organisation, system: Accounts) -> Sides:
    sign = 1 if record["Type"].startswith("RECEIVE") else -1
    rate, basis = record["CurrencyRate"], record["LineAmountTypes"]
    currency = record["CurrencyCode"]
    foreign = currency if currency != organisation.base_currency else None
    in_foreign_account = organisation.bank_currency(bank_id)
    sides = [
        Side(
            None,
            bank_id,
            sign * to_base(record["Total"], rate),
            currency=in_foreign_account,
            currency_amount=sign * record["Total"] if in_foreign_account else ZERO,
        )
    ]
    controls = {system.get("DEBTORS"), system.get("CREDITORS")}
    for line in record["LineItems"]:
        tax = line["TaxAmount"]
        net = line["LineAmount"] - (tax if basis == "Inclusive" else ZERO)
        tracking = {one["TrackingCategoryID"]: one["TrackingOptionID"] for one in line["Tracking"]}
        owed = foreign if line["AccountID"] in controls else None
        sides.append(
            Side(
                None,
                line["AccountID"],
                -sign * to_base(net, rate),
                tracking,
                owed,
                -sign * net if owed else ZERO,
            )
        )
        if tax:
            sides.append(Side(None, system["GST"], -sign * to_base(tax, rate)))
    left = total(sides)
    if left:
        sides.append(Side(None, system["ROUNDING"], -left))
    return sides


def _moved(record: Record, organisation: Organisation) -> Sides:
    """Return a transfer's sides, worth its amount, converted at its rate if that is foreign."""
    source, target = (record[f"{end}BankAccount"]["AccountID"] for end in ("From", "To"))
    of_source, of_target = organisation.bank_currency(source), organisation.bank_currency(target)
    amount, rate = record["Amount"], record["CurrencyRate"]
    base = amount if of_source is None else to_base(amount, rate)
    is_same = of_target is None or of_target == of_source
    arrived = amount if is_same else to_cents(amount * rate)
    return [
        Side(
            None, source, -base, currency=of_source, currency_amount=-amount if of_source else ZERO
        ),
        Side(
            None, target, base, currency=of_target, currency_amount=arrived if of_target else ZERO
        ),
    ]
