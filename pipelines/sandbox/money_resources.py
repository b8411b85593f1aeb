"""The endpoints of what moves money, as data (see `resources`)."""

from __future__ import annotations

from pipelines.sandbox.resource import BANK_TRANSACTIONS, PAYMENTS, Resource

_LINES = frozenset({"LineItems"})
MONEY = (
    Resource(
        "BankTransactions",
        "BankTransactions",
        "BankTransaction",
        "BankTransactionID",
        BANK_TRANSACTIONS,
        is_paged=True,
        has_since=True,
        has_unit_places=True,
        has_date_strings=True,
        unpaged_empty=_LINES,
    ),
    Resource(
        "BankTransfers",
        "BankTransfers",
        "BankTransfer",
        "BankTransferID",
        BANK_TRANSACTIONS,
        has_since=True,
        has_date_strings=True,
        stamp_field="CreatedDateUTC",
        archived_field="Status",
        hidden_status=("DELETED", "includedeleted"),
    ),
    Resource(
        "Payments", "Payments", "Payment", "PaymentID", PAYMENTS, is_paged=True, has_since=True
    ),
    Resource(
        "BatchPayments",
        "BatchPayments",
        "BatchPayment",
        "BatchPaymentID",
        PAYMENTS,
        has_since=True,
        has_date_strings=True,
    ),
    *(
        Resource(
            f"{kind}s",
            f"{kind}s",
            kind,
            f"{kind}ID",
            PAYMENTS,
            is_paged=True,
            has_since=True,
            has_unit_places=True,
            has_date_strings=True,
            filters=filters,
            unpaged_empty=_LINES,
        )
        for kind, filters in (
            ("Prepayment", {"InvoiceNumbers": "InvoiceNumber"}),
            ("Overpayment", {"References": "Reference"}),
        )
    ),
)
