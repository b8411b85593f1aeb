"""Which account money goes through: of payments, of advances, and in which currency.

A prepayment's own record does not name its bank account; the bank transaction that repeats it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.sandbox.configuration import Record
from pipelines.sandbox.documents import Payment
from pipelines.sandbox.opening import Opening

if TYPE_CHECKING:
    from pipelines.sandbox.money_records import PaymentRecords


class MoneyAccounts:
    """Looks accounts up in the records of the organisation that it is part of."""

    _configuration: dict[str, dict[str, Record]]
    records: dict[str, Mapping[str, Record]]
    version: int
    payments: PaymentRecords
    refunds: dict[str, tuple[Payment, ...]]
    opening: Opening
    _banks_of_advances: tuple[int, dict[tuple[str, str], str]] = (-1, {})

    @property
    def settings(self) -> Record:
        """The Organisation record."""
        return next(iter(self.records["Organisation"].values()))

    @property
    def base_currency(self) -> str:
        """The currency of the books."""
        return self.settings["BaseCurrency"]

    def payment_account(self, payment: Payment) -> str:
        """Return the account a payment went through: the first bank account where it says none."""
        if payment.account_id is not None:
            return payment.account_id
        return next(
            identity
            for identity, account in self.records["Accounts"].items()
            if account["Type"] == "BANK" and self.bank_currency(identity) is None
        )

    def bank_currency(self, account_id: str) -> str | None:
        """Return the currency of a bank account; None if it is the base currency's, or no bank."""
        currency = self.records["Accounts"][account_id].get("CurrencyCode")
        return None if currency == self.base_currency else currency

    def bank_of(self, id_field: str, advance_id: str) -> str:
        """Return the bank account of an advance (`id_field`: PrepaymentID or OverpaymentID)."""
        if self._banks_of_advances[0] != self.version:
            found = {
                (field, record[field]): record["BankAccount"]["AccountID"]
                for record in self.records["BankTransactions"].values()
                for field in ("PrepaymentID", "OverpaymentID")
                if field in record
            }
            self._banks_of_advances = (self.version, found)
        return self._banks_of_advances[1][id_field, advance_id]

    def batch(self, batch_id: str | None) -> Record | None:
        """Return a batch without its payments; None for no batch."""
        return self._configuration["BatchPayments"].get(batch_id or "")
