"""dbt in a process of its own, and what its events say to the person who waits for it.

`python -m orchestration.dbt_events ARGUMENTS` is the command `dbt ARGUMENTS`, but writes a line
`["progress" or "error", text]` for each event worth telling. dbt's own log, also where it shows but
a few, puts every event into words: an eighth of a build's time. With `--results FILE` before the
others it writes what became of each node to that file, and no manifest, which takes dbt as long
again, before the run and after it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from pipelines.publish import MART_SCHEMAS

_SLOW = 2.0  # seconds
_RESULTS = ("LogModelResult", "LogTestResult")


def _told_by(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what an event of dbt's says to a person: ('progress' or 'error', text)."""
    info, data = event["info"], event["data"]
    if info["level"] == "error":
        yield "error", info.get("msg", "").strip()
    if info["name"] == "LogModelResult":
        relation, seconds = data["node_info"]["node_relation"], data["execution_time"]
        status = data["node_info"]["node_status"]
        # Of the models that readers never see, only the slow and the failed ones are news.
        if relation["schema"] in MART_SCHEMAS or seconds >= _SLOW or status != "success":
            name = f"{relation['schema']}.{relation['alias']}"
            yield "progress", f"{_position(data)} {name}: {status} in {seconds:.1f} s"
    elif info["name"] == "LogTestResult" and data["status"] != "pass":
        rows = f", {data['num_failures']} rows" if data.get("num_failures") else ""
        yield "progress", f"{_position(data)} {data['name']}: {data['status']}{rows}"


def _position(data: dict[str, Any]) -> str:
    # dbt calls the number of all nodes differently in the two events.
    return f"dbt {data['index']} of {data.get('total') or data.get('num_models')}:"


def main(arguments: list[str]) -> int:
    """Be `dbt ARGUMENTS`; return 0 if all was done, 1 if not."""
    # Whoever only reads what is told needs no dbt, which takes seconds to import.
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner
    from dbt_common.events.functions import msg_to_dict

    def tell(message: Any) -> None:
        if message.info.level == "error" or message.info.name in _RESULTS:
            for told in _told_by(msg_to_dict(message)):
                print(json.dumps(told), flush=True)

    options, results = ["--log-level", "none", "--log-level-file", "none"], None
    if arguments[0] == "--results":
        results, arguments = arguments[1], ["--no-write-json", *arguments[2:]]
    done = dbtRunner(callbacks=[tell]).invoke([*options, *arguments])
    if results and isinstance(done.result, RunExecutionResult):
        done.result.write(results)
    if done.exception is not None:
        print(json.dumps(("error", str(done.exception))), flush=True)
    return 0 if done.success else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
