"""The envelope around every answer and the bodies of Xero's errors, as JSON or XML."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as Xml

from starlette.requests import Request
from starlette.responses import Response

from pipelines.sandbox.rendering import encode, ms_date
from pipelines.sandbox.xml_rendering import envelope_xml, plain_element

PROVIDER = "xero-crm sandbox"
NOT_FOUND = "The resource you're looking for cannot be found"


class ApiError(Exception):
    """An answer that is not 200: status, body (None: plain `text`) and further headers."""

    def __init__(
        self,
        status: int,
        body: Mapping[str, Any] | None = None,
        *,
        text: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.text = text
        self.headers = dict(headers or {})

    def response(self, *, as_json: bool) -> Response:
        """Return the answer; bodies follow what the client accepts."""
        if self.body is None:
            return Response(self.text, self.status, self.headers, "text/plain")
        if as_json:
            return Response(
                encode(self.body), self.status, self.headers, "application/json; charset=utf-8"
            )
        xml = Xml.tostring(plain_element("ApiException", self.body), encoding="utf-8")
        return Response(xml, self.status, self.headers, "text/xml")


def forbidden(detail: str) -> ApiError:
    """Return the 403 for an organisation that the token may not read."""
    return ApiError(403, _title("Forbidden", 403, detail))


def unauthorised(detail: str, *, challenge: str | None = None) -> ApiError:
    """Return a 401; a missing scope differs from a bad token by its `WWW-Authenticate` alone."""
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    return ApiError(401, _title("Unauthorized", 401, detail), headers=headers)


def validation(message: str) -> ApiError:
    """Return a 400 ValidationException."""
    return ApiError(400, {"ErrorNumber": 10, "Type": "ValidationException", "Message": message})


def refused(elements: list[Any]) -> ApiError:
    """Return the 400 for a write: every element, with the `ValidationErrors` it has."""
    return ApiError(
        400,
        {
            "ErrorNumber": 10,
            "Type": "ValidationException",
            "Message": "A validation exception occurred",
            "Elements": elements,
        },
    )


def post_data_invalid(message: str) -> ApiError:
    """Return the 400 for a body that cannot be read: nothing of it is looked at."""
    return ApiError(
        400, {"ErrorNumber": 14, "Type": "PostDataInvalidException", "Message": message}
    )


def no_data(singular: str) -> ApiError:
    """Return the 400 for a write without any element."""
    # "specifed" is Xero's own spelling.
    message = (
        "No data has been processed for this endpoint. This endpoint is expecting "
        f"{singular} data to be specifed in the request body."
    )
    return ApiError(
        400, {"ErrorNumber": 17, "Type": "NoDataProcessedException", "Message": message}
    )


def server_error() -> ApiError:
    """Return the 500 that Xero also answers to some mistakes of the client (xero-node#510)."""
    body = {
        "Title": "An error occurred",
        "Detail": (
            "An error occurred in Xero. Check the API Status page "
            "http://status.developer.xero.com for current service status."
        ),
        "Status": 500,
        "Instance": str(uuid.uuid4()),
    }
    return ApiError(500, body)


def query_parse(message: str) -> ApiError:
    """Return the 400 for a `where` or `order` that cannot be understood."""
    return ApiError(400, {"ErrorNumber": 16, "Type": "QueryParseException", "Message": message})


def high_volume() -> ApiError:
    """Return the 400 for a list of more than 100,000 documents."""
    return ApiError(400, {"Type": "HighVolumeException", "ErrorNumber": 51})


def wants_json(request: Request) -> bool:
    """Whether the client asked for JSON by name; Xero's default, also for `*/*`, is XML."""
    return "application/json" in request.headers.get("accept", "").lower()


def json_answer(tail: bytes, now: datetime) -> Response:
    """Return the envelope with a prepared tail (`"<list>":[…]}`)."""
    head = {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": ms_date(now).replace("+0000", ""),
    }
    return Response(encode(head)[:-1] + b"," + tail, media_type="application/json; charset=utf-8")


def xml_answer(
    list_key: str, elements: list[Xml.Element], pagination: dict[str, int] | None, now: datetime
) -> Response:
    """Return the envelope in XML."""
    head = {
        "Id": str(uuid.uuid4()),
        "Status": "OK",
        "ProviderName": PROVIDER,
        "DateTimeUTC": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return Response(envelope_xml(head, list_key, elements, pagination), media_type="text/xml")


def _title(title: str, status: int, detail: str) -> dict[str, Any]:
    return {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": str(uuid.uuid4()),
    }
