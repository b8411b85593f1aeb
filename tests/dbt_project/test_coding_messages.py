"""Every finding on coding is proved by an example that asserts what a bookkeeper reads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment

MESSAGES = {
    "coding_messages": "dbt_project/macros/coding/coding_messages.sql",
    "configuration_messages": "dbt_project/macros/coding/configuration_messages.sql",
}


def messages_of(project_root: Path, macro: str) -> dict[str, str]:
    """Return a macro's texts by rule."""
    source = (project_root / MESSAGES[macro]).read_text("utf-8")
    (written,) = re.findall(rf"macro {macro}\(\).*?return\((\{{.*?\}})\) }}}}", source, re.DOTALL)
    messages: Any = Environment().compile_expression(written)()
    return messages


def example_texts(project_root: Path) -> set[str]:
    """Return all that the unit tests of the models expect to be said, message and remedy apart."""
    found: set[str] = set()
    for file in (project_root / "dbt_project/models").rglob("*.yml"):
        content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8")) or {}
        for test in content.get("unit_tests", []):
            for row in test["expect"]["rows"]:
                found |= {str(value) for value in row.values() if value is not None}
    return found


def parts(text: str) -> list[str]:
    """Return message and remedy, as the macros part them."""
    message, _, remedy = text.partition(". ")
    return [message + "." if remedy else message, remedy] if remedy else [message]


@pytest.mark.parametrize("macro", MESSAGES)
def test_each_rules_message_and_remedy_are_asserted_word_for_word(project_root, macro):
    texts = example_texts(project_root)
    messages = messages_of(project_root, macro)
    assert len(messages) > 10
    unproved = {
        rule: part
        for rule, text in messages.items()
        for part in parts(text)
        if not any(re.fullmatch(pattern_of(part), said) for said in texts)
    }
    assert unproved == {}


def pattern_of(text: str) -> str:
    """Return what a filled text looks like: braces hold words, the rest stands as it is."""
    return ".*".join(re.escape(piece) for piece in re.split(r"\{[^}]*\}", text))
