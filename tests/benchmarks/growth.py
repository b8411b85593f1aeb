"""Draws `figures.csv` as `growth.svg`: seconds against size, both logarithmic, one line each.

    python tests/benchmarks/growth.py

The figures are copied from what the benchmarks print; each line of the file says which one.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path

FIGURES = Path(__file__).with_name("figures.csv")
PICTURE = Path(__file__).with_name("growth.svg")
WIDTH, HEIGHT, LEFT, BOTTOM, RIGHT = 800, 420, 60, 40, 280
COLOURS = (
    "#1b6ca8",
    "#d1495b",
    "#2a9d5c",
    "#8d5fb0",
    "#c98a1b",
    "#5c6770",
    "#0f9aa8",
    "#a03f1f",
    "#222222",
    "#d98bb5",
)


def main() -> None:
    """Read the figures and write the picture."""
    lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with FIGURES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lines[row["measure"]].append((float(row["size"]), float(row["seconds"])))
    PICTURE.write_text(drawn(lines), "utf-8")


def drawn(lines: dict[str, list[tuple[float, float]]]) -> str:
    """Return the lines as SVG; each is a list of (size, seconds)."""
    points = [point for line in lines.values() for point in line]
    across = _scale([size for size, _ in points], LEFT, WIDTH - RIGHT)
    up = _scale([seconds for _, seconds in points], HEIGHT - BOTTOM, 20)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    ]
    for power in range(8):
        if (x := across(10**power)) is not None:
            parts.append(_grid(x, 20, x, HEIGHT - BOTTOM))
            parts.append(_text(x, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle"))
        if (y := up(10.0 ** (power - 2))) is not None:
            parts.append(_grid(LEFT, y, WIDTH - RIGHT, y))
            parts.append(_text(LEFT - 6, y + 4, f"{10.0 ** (power - 2):g} s", "end"))
    for place, (name, line) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        at = [(across(size), up(seconds)) for size, seconds in sorted(line)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in at]
        key = 30 + 20 * place
        parts.append(_text(WIDTH - RIGHT + 20, key, name, "start", colour))
    return "\n".join([*parts, "</svg>\n"])


def _scale(values: list[float], start: float, end: float):
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def place(value: float) -> float | None:
        share = (math.log10(value) - low) / max(high - low, 1)
        return start + share * (end - start) if -1e-9 <= share <= 1 + 1e-9 else None

    return place


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


if __name__ == "__main__":
    main()
