"""Text for CSV files that nobody's spreadsheet runs.

A text that begins like a formula is run by Excel and its kin when a CSV file is opened (OWASP, "CSV
Injection"), so it gets an apostrophe before it. A workbook needs none: it says of each cell what it
is.
"""

from __future__ import annotations

import re
from typing import Any

FORMULA = r"^[=+\-@\t\r\n]"
NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def harmless(value: Any) -> Any:
    """Return a value for a CSV file: a text that would run as a formula gets an apostrophe."""
    if not isinstance(value, str) or not re.match(FORMULA, value) or re.match(NUMBER, value):
        return value
    return f"'{value}"
