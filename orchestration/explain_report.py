"""An explanation as a bookkeeper reads it on a terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from orchestration.explanation import Explanation, LineExplanation
from orchestration.printing import a_table, console

LEVELS = {
    "line": "the line itself",
    "transaction": "the document",
    "phase": "the phase",
    "item_override": "the item",
    "job": "the project",
    "contact": "the contact",
    "account": "the account",
    "org_default": "the organisation's default",
}
ATTRIBUTES = {"account": "account", "contra_account": "stock account", "tax": "tax"}
SYSTEMS = {"workguru": "WorkGuru", "prospect": "Prospect", "unleashed": "Unleashed"}
SEVERITIES = {
    "block": "STOPS IT",
    "hold": "HOLDS IT",
    "skip": "LEFT ALONE",
    "warn": "note",
}


def show_explanation(explanation: Explanation) -> None:
    """Print the document, then line by line what won, what else there was, and what was found."""
    out = console()
    _show_document(out, explanation)
    for each in explanation.lines:
        out.print()
        _show_line(out, each, explanation.categories)
        _show_findings(out, each.findings, "  ")
        # A document that is not to be sent has not been checked.
        if not each.findings and _is_to_be_sent(explanation.document):
            out.print("  Nothing is wrong with this line.")


def _show_document(out: Console, explanation: Explanation) -> None:
    document = explanation.document
    system = SYSTEMS.get(document["source_system"], document["source_system"])
    kind = document["document_type"].replace("_", " ")
    currency = document["currency_code"] or ""
    out.print(f"{document['document_number'] or document['document_id']}: {kind} of {system}")
    if document["organisation_name"]:
        out.print(f"  Organisation: {document['organisation_name']}")
    known = "" if document["contact_id"] or document["side"] == "stock" else " (not in Xero)"
    if document["contact_name"]:
        out.print(f"  Contact: {document['contact_name']}{known}")
    locked = " (in a period that is locked in Xero)" if document["is_in_locked_period"] else ""
    out.print(f"  Date: {document['document_date'] or 'none'}{locked}")
    if document["source_total"] is not None or document["xero_total"] is not None:
        out.print(f"  Total in {system}: {_totals(document, 'source')} {currency}")
        out.print(f"  Total in Xero: {_totals(document, 'xero')} {currency}{_rounding(document)}")
    out.print(f"  {_verdict(document)}")
    _show_findings(out, explanation.findings, "  ")


def _totals(document: dict[str, Any], by: str) -> str:
    net, tax, total = (money(document[f"{by}_{part}"]) for part in ("net", "tax", "total"))
    return f"{total} (net {net}, tax {tax})"


def _rounding(document: dict[str, Any]) -> str:
    amount = document["rounding_amount"]
    return f"; a rounding line of {money(amount)} makes them equal" if amount else ""


def _verdict(document: dict[str, Any]) -> str:
    if document["is_sent"]:
        return "Already sent, says the source."
    if document["is_skipped"]:
        return "Never sent: the source says to leave it out."
    if not document["is_due"]:
        return f"Not due yet: its status is {document['source_status']}."
    if document["is_blocked"]:
        return "CANNOT BE SENT. What is in its way is below."
    return "Can be sent."


def _is_to_be_sent(document: dict[str, Any]) -> bool:
    return document["is_due"] and not document["is_sent"] and not document["is_skipped"]


def _show_line(out: Console, each: LineExplanation, categories: dict[int, str]) -> None:
    line = each.line
    item = f"{line['item_code']} " if line["item_code"] else ""
    amount = "" if line["line_amount"] is None else f", {money(line['line_amount'])}"
    text = line["description"] or ""
    out.print(f"Line {line['line_number']}: {item}{text}{amount} ({_role(line['role'])})")
    for name, won in _winners(each, categories):
        out.print(f"  {name}: {won}")
    if each.candidates:
        out.print(_candidates(each))


def _winners(each: LineExplanation, categories: dict[int, str]) -> list[tuple[str, str]]:
    line = each.line
    if line["role"] == "TEXT":
        return [("Text only", "no account, tax or tracking")]
    labels = {c["attribute"]: c["value_label"] for c in each.candidates if c["is_winner"]}
    won = []
    for attribute, column in (("account", "account"), ("contra_account", "contra_account")):
        # The other side of a stock journal's line is a line of its own.
        if attribute == "account" or (line["role"] == "ADJUSTMENT" and each.candidates):
            code = line[f"{column}_code"]
            label = labels.get(attribute) or code
            # A document that was sent keeps its account; the candidates are today's.
            if code and label.split(" ")[0] != code:
                label = code
            won.append((ATTRIBUTES[attribute].capitalize(), _won(label, line[f"{column}_level"])))
    won.append(("Tax", _won(line["tax_type"], line["tax_level"])))
    for slot in (2, 3):
        if slot in categories:
            option, level = line[f"tracking_option_{slot}"], line[f"tracking_level_{slot}"]
            label = option or ("explicitly none" if level else None)
            won.append((f"{categories[slot]} (Analysis {slot})", _won(label, level)))
    return won


def _won(label: str | None, level: str | None) -> str:
    if label is None:
        return "none"
    return f"{label}, from {LEVELS.get(level, level)}" if level else label


def _candidates(each: LineExplanation) -> Table:
    table = a_table("", "what for", "from", "value", "used", "why")
    for row in each.candidates:
        category = row["tracking_category_name"] or "tracking"
        value = row["value_label"] or row["value"]
        if row["value_label"] and row["attribute"] == "tax" and row["value"] != row["value_label"]:
            value = f"{row['value']} = {row['value_label']}"
        table.add_row(
            ATTRIBUTES.get(row["attribute"], category),
            LEVELS.get(row["level"], row["level"]),
            value,
            "yes" if row["is_winner"] else "",
            row["reason"],
        )
    return table


def _show_findings(out: Console, findings: tuple[dict[str, Any], ...], indent: str) -> None:
    for row in findings:
        words = SEVERITIES.get(row["severity"], row["severity"])
        remedy = f" {row['remedy']}" if row["remedy"] else ""
        out.print(f"{indent}{words}: {row['message']}{remedy} [{row['rule']}]")


def _role(role: str) -> str:
    return role.lower().replace("_", " ")


def money(amount: Decimal | None) -> str:
    """Return an amount as people write it: thousands apart, two decimals."""
    return "unknown" if amount is None else f"{amount:,.2f}"
