"""A column chart of amounts by month, as inline SVG: no script, no address, sharp in print.

Columns are placed by percentages and have no viewBox, so that on a narrow page they become narrow
and the text keeps its size. Colours come from the page's own style sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from markupsafe import Markup

HEIGHT, _TOP, _BOTTOM = 240, 24, 40  # pixels: all of it, above the plot, below it
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def column_chart(
    months: Sequence[date], amounts: Mapping[date, Decimal], description: str
) -> Markup:
    """Return the chart; `description` is read out instead of it."""
    values = [amounts.get(month, Decimal(0)) for month in months]
    step = _step(max(max(values), Decimal(0)) - min(min(values), Decimal(0)))
    low = (min(min(values), Decimal(0)) / step).to_integral_value("ROUND_FLOOR") * step
    high = max((max(values) / step).to_integral_value("ROUND_CEILING") * step, low + step)

    def y(amount: Decimal) -> float:
        """Pixels from the top; for drawing only."""
        return _TOP + float((high - amount) / (high - low)) * (HEIGHT - _TOP - _BOTTOM)

    parts = []
    mark = low
    while mark <= high:
        kind = "zero" if mark == 0 else "grid"
        parts.append(
            f'<line class="{kind}" x1="0" x2="100%" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>'
            f'<text class="scale" x="0" y="{y(mark) - 4:.1f}">{_short(mark)}</text>'
        )
        mark += step
    width = 88 / len(months)  # per cent; the scale's text stands in the rest
    for position, (month, amount) in enumerate(zip(months, values, strict=True)):
        left = 12 + position * width
        top, bottom = sorted((y(amount), y(Decimal(0))))
        middle = left + width / 2
        parts.append(
            f'<rect class="column" x="{left + width * 0.14:.2f}%" y="{top:.1f}"'
            f' width="{width * 0.72:.2f}%" height="{max(bottom - top, 0.5):.1f}">'
            f"<title>{month:%b %Y}: {amount:,.2f}</title></rect>"
        )
        if position % _every(len(months)) == 0:
            parts.append(
                f'<text class="month" x="{middle:.2f}%" y="{HEIGHT - 22}">{month:%b}</text>'
            )
        if position == 0 or month.month == 1:
            parts.append(
                f'<text class="month" x="{middle:.2f}%" y="{HEIGHT - 6}">{month:%Y}</text>'
            )
    label = Markup.escape(description)
    return Markup(
        f'<svg class="chart" role="img" aria-label="{label}" width="100%" height="{HEIGHT}">'
        f"{''.join(parts)}</svg>"
    )


def _step(span: Decimal) -> Decimal:
    """Return a round distance between grid lines, of which there are about four."""
    rough = max(span, Decimal(1)) / 4
    power = Decimal(10) ** rough.adjusted()
    return next(each * power for each in _STEPS if each * power >= rough)


def _short(amount: Decimal) -> str:
    for size, unit in ((Decimal(1_000_000), "M"), (Decimal(1_000), "k")):
        if abs(amount) >= size:
            return f"{(amount / size).normalize():f}{unit}"
    return f"{amount.normalize():f}"


def _every(months: int) -> int:
    return -(-months // 14)  # a label for each month up to 14 of them
