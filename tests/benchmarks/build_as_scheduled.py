"""Builds as a scheduled run does: everything, unless nothing has changed. The benchmarks' child."""

from __future__ import annotations

import sys

from orchestration.dbt import build
from pipelines.settings import load_settings

if __name__ == "__main__":
    result = build(load_settings(), only_changed=True)
    failed = [*result.failed_models, *result.failed_tests]
    sys.exit("\n".join(f"{node.name}: {node.message}" for node in failed) or None)
