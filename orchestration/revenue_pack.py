"""A month-end pack of revenue, arranged: per organisation its figures, statement and findings.

Pure: rows of a `RevenueReport` in, what a page or a workbook shows out. All sums are of one
organisation, and so of one base currency. Trading income is the revenue; other income is kept apart
and stands beside it, since Xero's Profit and Loss holds both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.revenue_breakdowns import Breakdown
from orchestration.revenue_report import NothingKnown, RevenueReport, Row

ZERO = Decimal(0)
_USUAL_MONTHS = 12
_WITHOUT = "(none)"


@dataclass(frozen=True)
class Line:
    """One line of a report: what it is about, and its amount in each month that has one."""

    label: tuple[str, ...]
    by_month: Mapping[date, Decimal]

    @property
    def total(self) -> Decimal:
        """Its amount over all months of the report."""
        return sum(self.by_month.values(), ZERO)

    def of(self, month: date) -> Decimal:
        """Return its amount in a month."""
        return self.by_month.get(month, ZERO)


@dataclass(frozen=True)
class OrganisationPack:
    """What a pack says of one organisation; amounts are in its base currency.

    Attributes:
        months: Every month of the period, as first days, oldest first.
        lines: Trading income, the largest first.
        other_income: By month, where there is any.
        statement: A row per month that was compared with Xero.
        not_compared: Months with income of which Xero's report was not read.
        is_held_back: Whether the figures are of an earlier build, because the latest did not agree.
    """

    name: str
    base_currency: str
    months: tuple[date, ...]
    lines: tuple[Line, ...]
    other_income: Mapping[date, Decimal]
    statement: tuple[Row, ...]
    not_compared: tuple[date, ...]
    findings: tuple[Row, ...]
    largest_findings: tuple[Row, ...]
    is_held_back: bool

    @property
    def revenue(self) -> Line:
        """All lines together."""
        return Line((), _summed(each for line in self.lines for each in line.by_month.items()))

    @property
    def all_income(self) -> Decimal:
        """Revenue and other income of the whole period, as Xero's Profit and Loss has them."""
        return self.revenue.total + sum(self.other_income.values(), ZERO)

    @property
    def compared(self) -> Row:
        """The statement's sums over its months."""
        amounts = ("ours", "xero", "difference", "explained", "unexplained")
        return {name: sum((row[name] for row in self.statement), ZERO) for name in amounts}

    @property
    def is_reconciled(self) -> bool:
        """Whether every month of the period was compared, and agrees or is explained."""
        return not self.not_compared and all(row["is_reconciled"] for row in self.statement)

    def share(self, line: Line) -> Decimal | None:
        """Return a line's part of the revenue in per cent, to one place; None where it has none."""
        total = self.revenue.total
        if total <= 0:
            return None
        return (100 * line.total / total).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Pack:
    """A report as a page or a workbook shows it; `basis` says what its figures are."""

    title: str
    by: str
    headings: tuple[str, ...]
    basis: str
    organisations: tuple[OrganisationPack, ...]


def revenue_pack(report: RevenueReport) -> Pack:
    """Arrange a report that was asked for as a pack.

    Where the question names no first month, a pack shows the twelve months that end with the
    latest one with income, or that have had any; each organisation's own.

    Raises:
        NothingKnown: There is no income in the period.
    """
    of_tenant: dict[str, list[Row]] = defaultdict(list)
    for row in report.rows:
        of_tenant[row["tenant_id"]].append(row)
    if not of_tenant:
        raise NothingKnown("There is no income in that period.")
    breakdown = report.question.breakdown
    packs = [_organisation(report, breakdown, rows) for rows in of_tenant.values()]
    question = report.question
    return Pack(
        title=breakdown.title,
        by=question.by,
        headings=breakdown.headings,
        basis=_basis(report),
        organisations=tuple(sorted(packs, key=lambda each: each.name)),
    )


def _basis(report: RevenueReport) -> str:
    if report.question.as_of:
        known = f"As it was known at the end of {report.question.as_of} (UTC)."
    else:
        known = f"As published on {report.published_at:%Y-%m-%d at %H:%M} UTC."
    return f"{known} Accrual basis, net of tax; sales are positive, credit notes negative."


def _organisation(
    report: RevenueReport, breakdown: Breakdown, rows: Sequence[Row]
) -> OrganisationPack:
    tenant_id, question = rows[0]["tenant_id"], report.question
    last = question.last or max(row["month"] for row in rows)
    usual = max(_before(last, _USUAL_MONTHS - 1), min(row["month"] for row in rows))
    months = _months(question.first or usual, last)
    rows = [row for row in rows if row["month"] in months]
    trading = [row for row in rows if row["income_kind"] == "trading"]
    other = _summed(_amounts(row for row in rows if row["income_kind"] != "trading"))
    statement = [row for row in report.statement if row["tenant_id"] == tenant_id]
    compared = {row["month"] for row in statement}
    return OrganisationPack(
        name=rows[0]["organisation_name"] or tenant_id,
        base_currency=_the_one(row["base_currency"] for row in rows),
        months=months,
        lines=_lines(breakdown, trading, months),
        other_income=other,
        statement=tuple(row for row in statement if row["month"] in months),
        not_compared=tuple(sorted({row["month"] for row in rows} - compared)),
        findings=tuple(row for row in report.findings if row["tenant_id"] == tenant_id),
        largest_findings=tuple(
            row for row in report.largest_findings if row["tenant_id"] == tenant_id
        ),
        is_held_back=tenant_id in report.held_back,
    )


def _lines(
    breakdown: Breakdown, trading: Sequence[Row], months: Sequence[date]
) -> tuple[Line, ...]:
    if not breakdown.key:
        amounts = _summed(_amounts(trading))
        return tuple(
            Line((f"{month:%b %Y}",), {month: amounts.get(month, ZERO)}) for month in months
        )
    of_key: dict[tuple, list[Row]] = defaultdict(list)
    for row in trading:
        of_key[tuple(row[name] for name in breakdown.key)].append(row)
    lines = [
        Line(
            tuple(_text(rows[-1][name], position) for position, name in enumerate(breakdown.label)),
            _summed(_amounts(rows)),
        )
        for rows in of_key.values()
    ]
    lines = [line for line in lines if any(line.by_month.values())]
    return tuple(sorted(lines, key=lambda line: (-line.total, line.label)))


def _text(value: str | None, position: int) -> str:
    return value or (_WITHOUT if position == 0 else "")


def _amounts(rows: Iterable[Row]) -> Iterable[tuple[date, Decimal]]:
    return ((row["month"], row["net_amount_base"]) for row in rows)


def _summed(amounts: Iterable[tuple[date, Decimal]]) -> dict[date, Decimal]:
    sums: dict[date, Decimal] = {}
    for month, amount in amounts:
        sums[month] = sums.get(month, ZERO) + amount
    return sums


def _the_one(currencies: Iterable[str]) -> str:
    (currency,) = set(currencies)  # an organisation has one; to add up two would be a fault
    return currency


def _months(first: date, last: date) -> tuple[date, ...]:
    found = [last]
    while found[-1] > first:
        found.append(_before(found[-1], 1))
    return tuple(reversed(found))


def _before(month: date, months: int) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(years, index + 1, 1)
