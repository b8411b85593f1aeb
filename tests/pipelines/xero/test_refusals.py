from __future__ import annotations

import pytest

from pipelines.web.quoting import quoted, retry_after
from pipelines.xero import errors
from pipelines.xero.refusals import refusal

WHERE = "Invoices of organisation Harbour Ltd"


def refused(
    status: int, body: bytes = b"", secrets: tuple[str, ...] = (), **headers: str
) -> errors.XeroError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return refusal(WHERE, status, named, body, secrets=secrets)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused(401), errors.NotAuthorised),
        (refused(401, www_authenticate="insufficent_scope"), errors.MissingScope),
        (refused(401, www_authenticate='Bearer error="insufficient_scope"'), errors.MissingScope),
        (refused(403), errors.Forbidden),
        (refused(404, b"The resource you're looking for cannot be found"), errors.BadRequest),
        (refused(400, b'{"ErrorNumber":51,"Type":"HighVolumeException"}'), errors.HighVolume),
        (refused(400, b'{"ErrorNumber":10}'), errors.BadRequest),
        (refused(302, location="https://login.example"), errors.BadRequest),
        (refused(500), errors.ServerTrouble),
        (refused(503), errors.ServerTrouble),
        (refused(429, x_rate_limit_problem="day", retry_after="66975"), errors.DayLimitReached),
        (refused(429, x_rate_limit_problem="minute", retry_after="7"), errors.RateLimited),
        (refused(429, x_rate_limit_problem="appminute"), errors.RateLimited),
        (refused(429, x_rate_limit_problem="concurrent"), errors.RateLimited),
        (refused(429), errors.RateLimited),
    ],
)
def test_each_status_has_its_error_and_names_the_endpoint_and_the_organisation(error, kind):
    assert type(error) is kind
    assert str(error).startswith(WHERE)
    assert str(error).endswith(".")


def test_a_429_without_a_problem_but_with_hours_to_wait_is_the_day_limit():
    assert isinstance(refused(429, retry_after="3600"), errors.DayLimitReached)


def test_a_minute_breach_tells_how_long_to_wait():
    error = refused(429, x_rate_limit_problem="minute", retry_after="7")
    assert isinstance(error, errors.RateLimited)
    assert (error.problem, error.retry_after) == ("minute", 7.0)


def test_a_retry_after_that_is_no_number_counts_as_none():
    assert retry_after({"retry-after": "Mon, 02 Nov 2026 09:00:00 GMT"}) is None


def test_a_bad_request_repeats_all_messages_of_all_elements_once():
    error = refused(
        400,
        b'{"ErrorNumber":10,"Message":"A validation exception occurred","Elements":['
        b'{"ValidationErrors":[{"Message":"Please enter a unique Name."}]},'
        b'{"ValidationErrors":[{"Message":"Invoice # must be unique."},'
        b'{"Message":"Please enter a unique Name."}]}]}',
    )
    assert isinstance(error, errors.BadRequest)
    assert error.messages == (
        "A validation exception occurred",
        "Please enter a unique Name.",
        "Invoice # must be unique.",
    )
    assert all(message in str(error) for message in error.messages)


def test_a_page_of_html_is_not_repeated_in_the_message():
    assert "<html>" not in str(refused(502, b"<html><body>Bad gateway</body></html>"))


@pytest.mark.parametrize(
    "said",
    [
        "your secret s3cr3t-of-acme is wrong",
        "got Authorization: Bearer abc.def-123",
        "got Basic YWNtZTpzM2NyM3Q=",
        "token eyJhbGciOi.eyJzY29wZSI6W10.c2ln expired",
    ],
)
def test_what_a_server_repeats_of_secrets_and_tokens_is_blotted_out(said):
    text = str(refused(400, said.encode(), secrets=("s3cr3t-of-acme",)))
    assert "***" in text
    for secret in ("s3cr3t", "abc.def-123", "YWNtZTpz", "eyJ"):
        assert secret not in text


def test_a_long_answer_is_cut_and_put_on_one_line():
    text = quoted("first\nsecond " + "x" * 5000)
    assert text.startswith("first second")
    assert len(text) < 700
