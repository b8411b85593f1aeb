"""What the sandbox's Prospect knows of its entity sets: keys, properties, what may be written.

Names, keys, types and which properties are create-only or computed are those of the `$metadata` of
one tenant (see the README of `pipelines/prospect`). Only properties that the product reads or
will write are here; the real sets have hundreds.
"""

from __future__ import annotations

from pipelines.sandbox.prospect_entity_set import COMPANY, STAMP, EntitySet, entity_set

__all__ = ["COMPANY", "ENTITY_SETS", "STAMP", "EntitySet"]

_LEDGER = f"{COMPANY} SalesLedgerId"
_PRODUCT = f"{COMPANY} ProductItemId"
_XTRA = " ".join(
    [f"StandardTextField{number}" for number in range(1, 11)]
    + [f"StandardDropdownField{number}" for number in range(1, 6)]
)
_XTRA_WIDTHS = {f"StandardTextField{number}": 200 for number in range(1, 11)}
_TOTALS = "NetValue TaxValue GrossValue BaseNetValue BaseTaxValue BaseGrossValue"

ENTITY_SETS: dict[str, EntitySet] = {
    each.name: each
    for each in (
        entity_set(
            "Companies",
            "CompanyId",
            texts="Name StatusFlag",
            ints="CompanyId MergedWith",
            writable="Name",
            required="Name",
        ),
        entity_set(
            "Divisions",
            "DivisionId",
            texts=f"{COMPANY} Name SalesLedgerId TerritoryCode StatusFlag",
            ints="DivisionId CompanyId",
            writable="Name SalesLedgerId TerritoryCode",
            required=f"CompanyId {COMPANY}",
            foreign_keys={"CompanyId": "Companies", _LEDGER: "SalesLedgers"},
        ),
        entity_set(
            "Contacts",
            "ContactId",
            texts="Forename Surname Email StatusFlag",
            ints="ContactId DivisionId MergedWith",
            writable="Forename Surname Email",
            required="DivisionId",
            foreign_keys={"DivisionId": "Divisions"},
        ),
        entity_set(
            "SalesLedgers",
            _LEDGER,
            texts=f"{_LEDGER} Name Email CustomerCode DisplayDescription AccountsId "
            "SecondaryAccountsId UserAccountsId CurrencyCode TaxCode AnalysisCode "
            "UserAnalysisCode1 UserAnalysisCode2 UserAnalysisCode3 ModelAccountUsed StatusFlag "
            # Assumed: how a ledger states its phone and address is not recorded.
            "PhoneNumber AddressLine1 AddressLine2 Town County Postcode Country",
            ints="IsModelAccount",
            writable="Name Email AnalysisCode UserAnalysisCode1 UserAnalysisCode2 "
            "UserAnalysisCode3 PhoneNumber AddressLine1 AddressLine2 Town County Postcode Country",
            required="Name",
            widths={
                "SalesLedgerId AnalysisCode CustomerCode AccountsId SecondaryAccountsId": 100,
                "ModelAccountUsed": 100,
                "UserAnalysisCode1 UserAnalysisCode2 UserAnalysisCode3": 20,
                "DisplayDescription": 250,
            },
        ),
        entity_set(
            "ProductItems",
            _PRODUCT,
            texts=f"{_PRODUCT} Description CategoryId VatCode SalesAnalysis PurchaseAnalysis "
            "AccountsId TemplateProductItemId",
            ints="SellingPrice SellDecimals CostPrice CostDecimals IsTemplate Obsolete",
            computed="DecimalSellingPrice DecimalCostPrice",
            writable="IsTemplate TemplateProductItemId",
            required="Description CategoryId",
            widths={
                "ProductItemId AccountsId": 100,
                "SalesAnalysis PurchaseAnalysis": 20,
                "VatCode": 50,
            },
        ),
        entity_set(
            "Quotes",
            "QuoteId",
            texts=f"{COMPANY} SalesLedgerOrderPlacedOnId Description OrderNumber "
            "CustomerOrderReference CurrencyCode DeliveryChargeDescription "
            "DeliveryChargeProductItemId DeliveryChargeTaxCode TaxCode ProjectCode AccountsId "
            "StatusFlag",
            ints="QuoteId ContactId DivisionId StatusId",
            money="ExchangeRateBaseToForeign OverallDiscountPercentage DecimalBaseDiscountValue "
            "DecimalForeignDiscountValue DeliveryChargeBaseValue DeliveryChargeValue "
            "DeliveryChargeTaxRate DeliveryChargeTaxValue",
            instants="QuoteDate OrderDate OrderDueDate",
            computed="DecimalHomeNetValue DecimalHomeTaxValue DecimalHomeGrossValue "
            "DecimalForeignNetValue DecimalForeignTaxValue DecimalForeignGrossValue",
            writable="Description OrderNumber CustomerOrderReference ProjectCode AccountsId "
            "TaxCode",
            required="ContactId",
            foreign_keys={"ContactId": "Contacts", "DivisionId": "Divisions"},
        ),
        entity_set(
            "QuoteLines",
            "LineId",
            texts=f"{_PRODUCT} Description TaxCode SalesAnalysis JobCode CostCentreCode "
            "Department StatusFlag",
            ints="LineId QuoteId Quantity QuantityDecimals Price SellDecimals "
            "ForeignCurrencyPrice ForeignSellDecimals",
            money="Sequence VatPercentage DecimalDiscountPercentage",
            computed="DecimalQuantity DecimalPrice DecimalForeignPrice DecimalNetValue "
            "DecimalForeignNetValue DecimalTaxValue DecimalGrossValue",
            writable="Description Sequence TaxCode VatPercentage CostCentreCode Department "
            "DecimalDiscountPercentage",
            required="QuoteId Description",
            widths={
                "SalesAnalysis": 25,
                "JobCode": 80,
                "TaxCode Department": 50,
                "CostCentreCode": 15,
            },
            foreign_keys={"QuoteId": "Quotes", _PRODUCT: "ProductItems"},
        ),
        entity_set(
            "SalesOrderHeaders",
            f"{COMPANY} OrderNumber",
            texts=f"{COMPANY} OrderNumber SalesLedgerId AccountsId OrderStatus CurrencyCode "
            "CustomerReference Analysis Statusflag",
            ints="QuoteId DivisionId",
            money=_TOTALS,
            instants="OrderDate DueDate",
            foreign_keys={"QuoteId": "Quotes"},
            widths={"Analysis": 255},
            is_stamped=False,
        ),
        entity_set(
            "SalesInvoiceHeaders",
            f"{COMPANY} InvoiceNumber CreditNoteNumber",
            texts=f"{COMPANY} InvoiceNumber CreditNoteNumber TransactionTypeId "
            "SalesOrderHeaderId AccountsId SalesLedgerId CurrencyCode Statusflag",
            ints="QuoteId",
            money=_TOTALS,
            instants="InvoiceDate DueDate",
            is_stamped=False,
        ),
        entity_set(
            "SalesTransactions",
            "Id",
            texts=f"Id {_PRODUCT} DocumentId InvoiceNumber OrderNumber ProductDescription Account "
            "Ledger TransactionType CurrencyCode Analysis1 GeneralLedgerCode JobCode "
            "DepartmentCode UserDefinedField1 UserDefinedField2 AccountsId StatusFlag",
            ints="LineNumber Price SellDecimals InvoiceQuantity QuantityDecimals LineValue "
            "CurrencyDecimals QuoteId",
            money="DiscountRate",
            instants="InvoiceDate",
            computed="CalculatedPrice CalculatedInvoiceQuantity CalculatedLineValue",
            writable="DiscountRate",
            required="DocumentId LineNumber InvoiceNumber",
            widths={
                "Id": 151,
                "Analysis1 DepartmentCode": 50,
                "GeneralLedgerCode": 20,
                "JobCode": 10,
                "UserDefinedField1 UserDefinedField2": 100,
                "TransactionType": 1,
            },
        ),
        entity_set(
            "XeroAnalysisCodes",
            f"Code {COMPANY}",
            texts=f"Code {COMPANY} Name",
            ints="Obsolete",
            writable="Name Obsolete",
            required="Name",
            widths={"Code Name": 100},
        ),
        entity_set(
            "SalesLedgerXtras",
            _LEDGER,
            texts=f"{_LEDGER} {_XTRA}",
            writable=_XTRA,
            foreign_keys={_LEDGER: "SalesLedgers"},
            widths=_XTRA_WIDTHS,
        ),
        entity_set(
            "QuoteXtras",
            "QuoteId",
            texts=_XTRA,
            ints="QuoteId",
            writable=_XTRA,
            foreign_keys={"QuoteId": "Quotes"},
            widths=_XTRA_WIDTHS,
        ),
        entity_set(
            "QuoteLineXtras",
            "QuoteLineId",
            texts=_XTRA,
            ints="QuoteLineId",
            writable=_XTRA,
            foreign_keys={"QuoteLineId": "QuoteLines"},
            widths=_XTRA_WIDTHS,
        ),
    )
}
