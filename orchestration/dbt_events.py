"""What dbt's log, a line of JSON per event, says to the person who waits for a build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipelines.publish import MART_SCHEMAS

_SLOW = 2.0  # seconds


def told_by(line: str) -> Iterator[tuple[str, str]]:
    """Yield what a line of dbt's log says to a person: ('progress' or 'error', text)."""
    try:
        event: dict[str, Any] = json.loads(line)
    except ValueError:
        # Not a log line: a traceback from before logging starts.
        if line.strip():
            yield "error", line.strip()
        return
    info, data = event.get("info", {}), event.get("data", {})
    if info.get("level") == "error":
        yield "error", info.get("msg", "").strip()
    if info.get("name") == "LogModelResult":
        relation, seconds = data["node_info"]["node_relation"], data["execution_time"]
        status = data["node_info"]["node_status"]
        # Of the models that readers never see, only the slow and the failed ones are news.
        if relation["schema"] in MART_SCHEMAS or seconds >= _SLOW or status != "success":
            name = f"{relation['schema']}.{relation['alias']}"
            yield "progress", f"{_position(data)} {name}: {status} in {seconds:.1f} s"
    elif info.get("name") == "LogTestResult" and data["status"] != "pass":
        rows = f", {data['num_failures']} rows" if data.get("num_failures") else ""
        yield "progress", f"{_position(data)} {data['name']}: {data['status']}{rows}"


def _position(data: dict[str, Any]) -> str:
    # dbt calls the number of all nodes differently in the two events.
    return f"dbt {data['index']} of {data.get('total') or data.get('num_models')}:"
