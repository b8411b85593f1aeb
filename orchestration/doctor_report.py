"""What `doctor` found, as a bookkeeper reads it on a terminal."""

from __future__ import annotations

from orchestration.diagnosis import Diagnosis
from orchestration.printing import console

TITLES = {"settings": "Settings", "connections": "Connections", "reads": "Reads"}
WORDS = {"block": "MEND", "warn": "note", "unchecked": "NOT CHECKED", "ok": "ok"}


def show_diagnosis(diagnosis: Diagnosis) -> None:
    """Print each topic, the worst first, and how many checks ended how."""
    out = console()
    for topic, title in TITLES.items():
        checks = [check for check in diagnosis.checks if check.topic == topic]
        if checks:
            out.print(f"{title}", style="bold")
        for check in checks:
            out.print(f"  {WORDS[check.severity]}: {check.where}: {check.message}")
            if check.remedy:
                out.print(f"      {check.remedy}")
    counts = diagnosis.counts
    out.print(
        f"{counts['block']} to mend, {counts['warn']} to know of, {counts['unchecked']} could not"
        f" be checked, {counts['ok']} well."
    )
