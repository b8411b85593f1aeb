"""What the extract reads of Xero's Accounting API, as data.

An endpoint is one entry here, a staging model and its YAML. Paging, change stamps and parameters
are those of the support matrix in Xero's documentation; `unitdp=4` keeps unit amounts from being
rounded to two places, `includeArchived` keeps archived records from vanishing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

PAGE_SIZE = 1000

Group = Literal["configuration", "contacts", "documents", "reports"]
STANDARD = {"standardLayout": "true"}  # whatever layout people made for themselves


@dataclass(frozen=True)
class MonthEnds:
    """A report that is read once for each month end, from the present month back.

    Attributes:
        last: The parameter for the month's last day.
        first: The parameter for its first day, where the report is about a period.
        empty_months: After how many months in a row without a figure nothing earlier is asked for.
    """

    last: str
    first: str | None = None
    empty_months: int = 1


@dataclass(frozen=True)
class Endpoint:
    """One list of the API.

    Attributes:
        name: Xero's name, also the path below `/api.xro/2.0`.
        table: The raw table.
        list_key: The key of the records in the answer.
        id_field: The field that names a record.
        is_paged: Whether `page` and `pageSize` are honoured. An endpoint without pages is read
            whole on every run, without If-Modified-Since; that read gives tombstones.
        stamp_field: The field with the change stamp, if the records have one.
        params: Sent with every call.
        group: Which part of a run reads it.
        month_ends: Set where it is a report, read for each month end.
        scope: The granular scope a token needs.
    """

    name: str
    table: str
    list_key: str
    id_field: str
    group: Group
    scope: str
    is_paged: bool = False
    stamp_field: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    month_ends: MonthEnds | None = None


ENDPOINTS: dict[str, Endpoint] = {
    endpoint.name: endpoint
    for endpoint in (
        Endpoint(
            name="Organisation",
            table="organisation",
            list_key="Organisations",
            id_field="OrganisationID",
            group="configuration",
            scope="accounting.settings.read",
        ),
        Endpoint(
            name="Accounts",
            table="accounts",
            list_key="Accounts",
            id_field="AccountID",
            stamp_field="UpdatedDateUTC",
            group="configuration",
            scope="accounting.settings.read",
        ),
        Endpoint(
            name="TrackingCategories",
            table="tracking_categories",
            list_key="TrackingCategories",
            id_field="TrackingCategoryID",
            params={"includeArchived": "true"},
            group="configuration",
            scope="accounting.settings.read",
        ),
        Endpoint(
            name="TaxRates",
            table="tax_rates",
            list_key="TaxRates",
            id_field="TaxType",  # a rate's name can repeat
            group="configuration",
            scope="accounting.settings.read",
        ),
        Endpoint(
            name="Items",
            table="items",
            list_key="Items",
            id_field="ItemID",
            stamp_field="UpdatedDateUTC",
            params={"unitdp": "4"},
            group="configuration",
            scope="accounting.settings.read",
        ),
        Endpoint(
            name="Contacts",
            table="contacts",
            list_key="Contacts",
            id_field="ContactID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            params={"includeArchived": "true"},
            group="contacts",
            scope="accounting.contacts.read",
        ),
        Endpoint(
            name="Invoices",
            table="invoices",
            list_key="Invoices",
            id_field="InvoiceID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            params={"unitdp": "4"},
            group="documents",
            scope="accounting.invoices.read",
        ),
        Endpoint(
            name="CreditNotes",
            table="credit_notes",
            list_key="CreditNotes",
            id_field="CreditNoteID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            params={"unitdp": "4"},
            group="documents",
            scope="accounting.invoices.read",
        ),
        Endpoint(
            name="BankTransactions",
            table="bank_transactions",
            list_key="BankTransactions",
            id_field="BankTransactionID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            params={"unitdp": "4"},
            group="documents",
            scope="accounting.banktransactions.read",
        ),
        Endpoint(
            name="BankTransfers",
            table="bank_transfers",
            list_key="BankTransfers",
            id_field="BankTransferID",  # CreatedDateUTC is no change stamp
            params={"includeDeleted": "true"},
            group="documents",
            scope="accounting.banktransactions.read",
        ),
        Endpoint(
            name="Payments",
            table="payments",
            list_key="Payments",
            id_field="PaymentID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            group="documents",
            scope="accounting.payments.read",
        ),
        Endpoint(
            name="BatchPayments",
            table="batch_payments",
            list_key="BatchPayments",
            id_field="BatchPaymentID",
            stamp_field="UpdatedDateUTC",
            group="documents",
            scope="accounting.payments.read",
        ),
        Endpoint(
            name="Prepayments",
            table="prepayments",
            list_key="Prepayments",
            id_field="PrepaymentID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            params={"unitdp": "4"},
            group="documents",
            scope="accounting.payments.read",
        ),
        Endpoint(
            name="Overpayments",
            table="overpayments",
            list_key="Overpayments",
            id_field="OverpaymentID",
            is_paged=True,
            stamp_field="UpdatedDateUTC",
            params={"unitdp": "4"},
            group="documents",
            scope="accounting.payments.read",
        ),
        Endpoint(
            name="ManualJournals",
            table="manual_journals",
            list_key="ManualJournals",
            id_field="ManualJournalID",
            is_paged=True,  # without `order`, which makes Xero answer everything at once
            stamp_field="UpdatedDateUTC",
            group="documents",
            scope="accounting.manualjournals.read",
        ),
        *(
            Endpoint(
                name=f"Reports/{report}",
                table=f"{table}_reports",
                list_key="Reports",
                id_field="ReportID",
                params=layout,
                group="reports",
                scope=f"accounting.reports.{report.lower()}.read",
                month_ends=month_ends,
            )
            for report, table, layout, month_ends in (
                ("TrialBalance", "trial_balance", {}, MonthEnds("date")),
                ("BalanceSheet", "balance_sheet", STANDARD, MonthEnds("date")),
                (
                    "ProfitAndLoss",
                    "profit_and_loss",
                    STANDARD,
                    MonthEnds("toDate", "fromDate", empty_months=12),
                ),
            )
        ),
    )
}


def default_scopes() -> tuple[str, ...]:
    """Return the granular scopes that the endpoints need, in order, once each."""
    return tuple(dict.fromkeys(endpoint.scope for endpoint in ENDPOINTS.values()))
