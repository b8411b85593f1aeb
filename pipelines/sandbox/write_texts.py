"""Texts of an element, each with the length that Xero keeps."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.sandbox.write_body import Given
from pipelines.sandbox.write_call import Findings


def read_texts(given: Given, lengths: Mapping[str, int], found: Findings) -> dict[str, str]:
    """Return the texts that are sent; one that is too long is refused, an empty one is kept."""
    texts = {name: given.text(name) for name in lengths}
    for name, text in texts.items():
        if text is not None and len(text) > lengths[name]:
            found.refuse(f"{name} is longer than {lengths[name]} characters.")
    return {name: text for name, text in texts.items() if text is not None}


def emptied(texts: Mapping[str, str]) -> dict[str, str | None]:
    """Return the texts with None for an empty one: the record is to lose the field."""
    return {name: text or None for name, text in texts.items()}
