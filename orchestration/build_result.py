"""What one `dbt build` did, as read from its `run_results.json`. Pure: no file, no process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_NO_ROOM = "Out of Memory Error"
# DuckDB's advice is to give it a statement, which nobody can while dbt builds.
_MORE_ROOM = (
    "\nRaise memory_limit in dbt_project/profiles.yml, and leave dbt itself half a gigabyte more "
    "(see orchestration/SIZING.md)."
)


@dataclass(frozen=True)
class NodeResult:
    """What came of one model or test. `failures` counts the rows that a test found."""

    unique_id: str
    name: str
    kind: str
    status: str
    seconds: float
    message: str | None
    failures: int | None

    @property
    def is_model(self) -> bool:
        """Whether it builds a relation, and is not a test of one."""
        return self.kind in {"model", "seed", "snapshot"}

    @property
    def is_failure(self) -> bool:
        """Whether it failed; a test that only warns did not."""
        return self.status in {"error", "fail", "runtime error", "partial success"}


@dataclass(frozen=True)
class BuildResult:
    """What one `dbt build` did. Publication is withheld unless it `succeeded`."""

    nodes: tuple[NodeResult, ...]
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Whether every model was built and no test failed."""
        return not any(node.is_failure or node.status == "skipped" for node in self.nodes)

    @property
    def models(self) -> tuple[NodeResult, ...]:
        """Every model that was built."""
        return tuple(node for node in self.nodes if node.is_model and node.status == "success")

    @property
    def failed_models(self) -> tuple[NodeResult, ...]:
        """Models that could not be built: the code, or the shape of the data, is at fault."""
        return tuple(node for node in self.nodes if node.is_model and node.is_failure)

    @property
    def failed_tests(self) -> tuple[NodeResult, ...]:
        """Tests that found rows they forbid, or that could not be asked."""
        return tuple(node for node in self.nodes if not node.is_model and node.is_failure)

    @property
    def passed_tests(self) -> tuple[NodeResult, ...]:
        """Tests that found nothing."""
        return tuple(node for node in self.nodes if not node.is_model and node.status == "pass")

    @property
    def warnings(self) -> tuple[NodeResult, ...]:
        """Tests that found rows and only warn of them."""
        return tuple(node for node in self.nodes if node.status == "warn")

    @property
    def skipped(self) -> tuple[NodeResult, ...]:
        """Models and tests that were not reached, because something before them failed."""
        return tuple(node for node in self.nodes if node.status == "skipped")

    @property
    def failure(self) -> str:
        """What failed, in one sentence; empty if nothing did."""
        parts = []
        if self.failed_models:
            parts.append(f"models not built: {_names(self.failed_models)}")
        if self.failed_tests:
            parts.append(f"tests failed: {_names(self.failed_tests)}")
        if self.skipped and not parts:
            parts.append(f"not reached: {_names(self.skipped)}")
        return f"{'; '.join(parts)}." if parts else ""


def parse_results(run_results: bytes) -> BuildResult:
    """Read the bytes of dbt's run_results.json; an exposure, which is not run, is left out."""
    found = json.loads(run_results)
    run = (one for one in found["results"] if not one["unique_id"].startswith("exposure."))
    return BuildResult(
        nodes=tuple(_node_result(result) for result in run),
        seconds=found["elapsed_time"],
    )


def with_former_results(run_results: bytes, former: bytes) -> bytes:
    """Add to the bytes of a run_results.json what an earlier run of all found of the other nodes.

    They stay in the order of that run, in which each comes after what it is made from: Dagster
    takes them in no other.
    """
    found = json.loads(run_results)
    results = {
        result["unique_id"]: result
        for result in [*json.loads(former)["results"], *found["results"]]
    }
    return json.dumps(found | {"results": list(results.values())}).encode()


def _node_result(result: dict[str, Any]) -> NodeResult:
    kind, _, name = result["unique_id"].split(".", 2)
    return NodeResult(
        unique_id=result["unique_id"],
        name=name,
        kind=kind,
        status=result["status"],
        seconds=result["execution_time"],
        message=_with_remedy(result["message"]),
        failures=result["failures"],
    )


def _with_remedy(message: str | None) -> str | None:
    return message + _MORE_ROOM if message and _NO_ROOM in message else message


def _names(nodes: tuple[NodeResult, ...], limit: int = 5) -> str:
    names = [node.name for node in nodes]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
