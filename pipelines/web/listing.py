"""A list in an answer becomes its records, each still the bytes that the system sent.

Records are not parsed here, so numbers reach the raw log as they came.
"""

from __future__ import annotations

from typing import Any

import msgspec

from pipelines.failures import MalformedAnswer
from pipelines.web.transport import Answer


def decode_answer(answer: Answer, decoder: msgspec.json.Decoder[Any], where: str) -> Any:
    """Decode an answer whose decoder leaves records as `msgspec.Raw`.

    The records share the body's memory; `.copy()` one that is to outlive the answer.

    Raises:
        MalformedAnswer: The body is not JSON in UTF-8, was cut short, or has another shape.
    """
    body = answer.body
    try:
        # msgspec skips over a Raw without checking its encoding.
        if not body.isascii():
            body.decode("utf-8")
        return decoder.decode(body)
    except UnicodeDecodeError as error:
        raise MalformedAnswer(f"{where}: byte {error.start} of the answer is no UTF-8.") from None
    except msgspec.ValidationError as error:
        text = str(error)
        raise MalformedAnswer(f"{where}: the answer has another shape: {text}.") from None
    except msgspec.DecodeError as error:
        raise MalformedAnswer(
            f"{where}: the answer of {len(body)} bytes is no JSON: {error}."
        ) from None


def require_objects(records: list[msgspec.Raw], list_key: str, where: str) -> list[msgspec.Raw]:
    """Return the records of a list, all of them JSON objects.

    Raises:
        MalformedAnswer: One is not.
    """
    for position, record in enumerate(records):
        if memoryview(record)[:1] != b"{":
            raise MalformedAnswer(f"{where}: record {position} of {list_key} is no object.")
    return records


def require_json(answer: Answer, where: str) -> None:
    """Tell an answer that is JSON and looks whole from a page of something else.

    Raises:
        MalformedAnswer: It is none, or was cut short.
    """
    body = answer.body.strip()
    if body[:1] + body[-1:] in (b"{}", b"[]"):
        return
    kind = answer.headers.get("content-type", "no content type").split(";")[0]
    what = "is cut short" if body[:1] in (b"{", b"[") else f"is {kind}, not JSON"
    raise MalformedAnswer(f"{where}: the answer of {len(answer.body)} bytes {what}.")
