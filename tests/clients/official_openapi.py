"""The official OpenAPI file as a checker of requests and answers; it lies beside the checkout."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any


def spec_checker(shared_reference: Path) -> Any:
    """Return a checker, strict for requests; a test that asks for it carries `needs_shared`."""
    path = shared_reference / "xero_openapi_conformance.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # its NamedTuple looks its own module up
    spec.loader.exec_module(module)
    return module.SpecChecker()
