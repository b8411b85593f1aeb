"""What a plan would book, added up: the figures that a bookkeeper checks before approving.

In: operations and their facts. Out: a JSON object of lists, one row per organisation, currency and
whatever the list is about. Amounts are exact and leave as text with their decimals. Nothing is
added up across organisations or currencies. Every document also yields what it does to debtors or
creditors and to tax, so that the debits equal the credits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipelines.push.operations import DELETE, Operation

Row = dict[str, Any]
Totals = dict[str, list[Row]]

# The Type of a document is in the payload that Xero takes; True: its lines are credited.
_CREDITS_ITS_LINES = {"ACCREC": True, "ACCPAY": False, "ACCRECCREDIT": False, "ACCPAYCREDIT": True}
_DEBTORS, _CREDITORS, _TAX = "Accounts receivable", "Accounts payable", "Tax"


def control_totals(operations: Iterable[Operation]) -> Totals:
    """Return the totals of these operations; deletions book nothing and are left out.

    Lists: `documents` (documents, net, tax, gross by type), `accounts` (debit, credit by account),
    `taxes` (net, tax by tax type), `tracking` (debit, credit by tracking option), `contacts` (new
    ones by template, and how many documents are to new and existing contacts), `dates` (earliest
    and latest document, the lock date, how many are on or before it), `differences` (documents
    whose total in the target is not that of the source).
    """
    chosen = [each for each in operations if each.operation != DELETE]
    documents = [each for each in chosen if each.facts.get("document_type")]
    lines = [line for each in documents for line in _lines(each)]
    return {
        "documents": _documents(documents),
        "accounts": _summed(
            _row_of(
                line, "account_code", "account_name", debit=line["debit"], credit=line["credit"]
            )
            for each in documents
            for line in (*_lines(each), *_other_side(each))
        ),
        "taxes": _summed(
            _row_of(line, "document_type", "tax_type", net=line["net"], tax=line["tax"])
            for line in lines
            if line["tax_type"]
        ),
        "tracking": _summed(
            _row_of(line, debit=line["debit"], credit=line["credit"], option=option)
            for line in lines
            for option in line["tracking"]
        ),
        "contacts": _contacts(chosen, documents),
        "dates": _dates(documents),
        "differences": _differences(documents),
    }


def _documents(documents: Iterable[Operation]) -> list[Row]:
    return _summed(
        {
            "tenant_id": each.tenant_id,
            "entity": each.entity,
            "document_type": each.facts["document_type"],
            "currency_code": each.facts.get("currency_code"),
            "documents": 1,
            "net": _amount(each.facts.get("net")),
            "tax": _amount(each.facts.get("tax")),
            "gross": _amount(each.facts.get("total")),
        }
        for each in documents
    )


def _lines(document: Operation) -> Iterator[Row]:
    """Yield a document's lines with the side of the ledger that each is on."""
    credited = _CREDITS_ITS_LINES.get(str(document.payload.get("Type")), False)
    for line in document.facts.get("lines") or ():
        net = _amount(line.get("net"))
        if line.get("debit") is not None or line.get("credit") is not None:
            debit, credit = _amount(line.get("debit")), _amount(line.get("credit"))
        else:
            debit, credit = _sides(-net if credited else net)
        yield {
            **_shared(document),
            "account_code": line.get("account_code"),
            "account_name": line.get("account_name"),
            "tax_type": line.get("tax_type"),
            "tracking": line.get("tracking") or (),
            "net": net,
            "tax": _amount(line.get("tax")),
            "debit": debit,
            "credit": credit,
        }


def _other_side(document: Operation) -> Iterator[Row]:
    """Yield what a document does to tax and to debtors or creditors; a journal says all itself."""
    kind = str(document.payload.get("Type"))
    if kind not in _CREDITS_ITS_LINES:
        return
    credited = _CREDITS_ITS_LINES[kind]
    sign = -1 if credited else 1
    contra = _DEBTORS if kind.startswith("ACCREC") else _CREDITORS
    amounts = {
        _TAX: sign * _amount(document.facts.get("tax")),
        contra: -sign * _amount(document.facts.get("total")),
    }
    for name, amount in amounts.items():
        if amount:
            debit, credit = _sides(amount)
            account = {"account_code": None, "account_name": name}
            yield {**_shared(document), **account, "debit": debit, "credit": credit}


def _contacts(chosen: Iterable[Operation], documents: Iterable[Operation]) -> list[Row]:
    made = (
        {
            "tenant_id": each.tenant_id,
            "contact": "new",
            "template_contact": each.facts.get("template_contact"),
            "contacts": 1,
            "documents": 0,
        }
        for each in chosen
        if each.entity == "contacts" and each.operation == "create"
    )
    invoiced = (
        {
            "tenant_id": each.tenant_id,
            "contact": each.facts["contact"],
            "template_contact": each.facts.get("template_contact"),
            "contacts": 0,
            "documents": 1,
        }
        for each in documents
        if each.facts.get("contact")
    )
    return _summed([*made, *invoiced])


def _dates(documents: Iterable[Operation]) -> list[Row]:
    by_tenant: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for each in documents:
        if each.facts.get("document_date"):
            by_tenant[each.tenant_id].append(each.facts)
    return [
        {
            "tenant_id": tenant_id,
            "earliest": min(fact["document_date"] for fact in facts),
            "latest": max(fact["document_date"] for fact in facts),
            "lock_date": max((f["lock_date"] for f in facts if f.get("lock_date")), default=None),
            "in_locked_period": sum(map(is_in_locked_period, facts)),
        }
        for tenant_id, facts in by_tenant.items()
    ]


def _differences(documents: Iterable[Operation]) -> list[Row]:
    found = []
    for each in documents:
        source, target = each.facts.get("source_total"), each.facts.get("target_total")
        if source is not None and target is not None and _amount(source) != _amount(target):
            row = {"record_key": each.record_key, "label": each.label}
            totals = {"source_total": str(source), "target_total": str(target)}
            found.append({**_shared(each), **row, **totals})
    return found


def is_in_locked_period(facts: Mapping[str, Any]) -> bool:
    """Whether a document is dated on or before the lock date; ISO dates sort as text."""
    return (
        bool(facts.get("lock_date")) and (facts.get("document_date") or "9") <= facts["lock_date"]
    )


def _shared(document: Operation) -> Row:
    return {
        "tenant_id": document.tenant_id,
        "document_type": document.facts["document_type"],
        "currency_code": document.facts.get("currency_code"),
    }


def _row_of(line: Row, *names: str, **values: Any) -> Row:
    shared = {name: line[name] for name in ("tenant_id", "currency_code", *names)}
    return {**shared, **values}


def _summed(rows: Iterable[Row]) -> list[Row]:
    """Add up the numbers of the rows that agree in everything else; amounts leave as text."""
    sums: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        named = {name: value for name, value in row.items() if not _is_number(value)}
        held = sums.setdefault(
            tuple(named.values()), dict(row) | dict.fromkeys(row.keys() - named, 0)
        )
        for name in row.keys() - named:
            held[name] += row[name]
    ordered = sorted(sums.items(), key=lambda item: [str(part or "~") for part in item[0]])
    return [
        {name: _text(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for _, row in ordered
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def _sides(amount: Decimal) -> tuple[Decimal, Decimal]:
    zero = Decimal(0)
    return (amount, zero) if amount >= 0 else (zero, -amount)


def _amount(value: Any) -> Decimal:
    return Decimal(str(value)) if value not in (None, "") else Decimal(0)


def _text(amount: Decimal) -> str:
    """Return an amount with at least two decimals, and more only where they say something."""
    cents = round(amount, 2)
    return f"{cents:f}" if cents == amount else f"{amount.normalize():f}"
