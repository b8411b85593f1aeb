"""A diagnosis as `doctor` tells it: counts, exit status, ages in words."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import pytest

from orchestration import cli
from orchestration.diagnosis import Check, Diagnosis, age_words


@pytest.mark.parametrize(("severity", "status"), [("block", 0), ("unchecked", 1)])
def test_findings_are_counted_and_only_what_was_not_checked_is_status_1(
    monkeypatch, capsys, severity, status
):
    found = Diagnosis((Check("settings", severity, "Harbour", "It is wrong.", "Mend it."),))
    monkeypatch.setattr("orchestration.doctor.examine", lambda *_, **__: found)
    for arguments in ([], ["--json"]):
        monkeypatch.setattr(sys, "argv", ["xero-crm", "doctor", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == status
    shown = capsys.readouterr().out
    report, summary = shown[: shown.index("{")], json.loads(shown[shown.index("{") :])
    assert "Harbour: It is wrong." in report
    assert "Mend it." in report
    assert summary["counts"][severity] == 1
    assert summary["checks"][0]["remedy"] == "Mend it."


def test_ages_are_said_as_people_say_them():
    said = [age_words(timedelta(seconds=each)) for each in (10, 60, 7_300, 90_000, 200_000)]
    assert said == ["less than a minute", "1 minute", "2 hours", "1 day", "2 days"]
