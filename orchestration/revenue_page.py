"""A month-end pack as one HTML page that needs nothing else: no script, no address, no font.

Whatever stands in the data is escaped; the page reads well on paper, narrow, and in the dark.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.column_chart import column_chart
from orchestration.revenue_pack import OrganisationPack, Pack


def revenue_page(pack: Pack) -> str:
    """Return the page."""
    environment = Environment(
        loader=PackageLoader("orchestration"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "money": _money,
        "month": _month,
        "minute": lambda moment: f"{moment:%Y-%m-%d at %H:%M}",
        "words": lambda rule: rule.replace("_", " ").capitalize(),
    }
    template = environment.get_template("revenue.html")
    return template.render(pack=pack, chart=_chart, verdict=_verdict)


def _chart(each: OrganisationPack) -> Markup:
    revenue = each.revenue
    description = (
        f"Revenue of {each.name} by month in {each.base_currency}, from"
        f" {_month(each.months[0])} to {_month(each.months[-1])}"
    )
    return column_chart(each.months, revenue.by_month, description)


def _verdict(each: OrganisationPack) -> str:
    if each.is_reconciled:
        return "Agrees, explained" if each.compared["difference"] else "Agrees"
    return "Differs" if any(not row["is_reconciled"] for row in each.statement) else "Not compared"


def _month(month: date) -> str:
    return f"{month:%b %Y}"


def _money(amount: Decimal) -> Markup | str:
    text = f"{amount:,.2f}"
    if not text.startswith("-") or not text.strip("-0.,"):
        return text.lstrip("-")
    return Markup('<span class="neg">&minus;{}</span>').format(text[1:])
