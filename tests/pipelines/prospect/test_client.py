from __future__ import annotations

import httpx
import pytest

from pipelines.failures import BadRequest, MalformedAnswer, ServerTrouble, WrongCredentials
from pipelines.prospect.client import ProspectClient
from pipelines.prospect.errors import NotAuthorised, RateLimited
from pipelines.settings import Credentials

TOKEN = "t0ken-of-acme"


def answers(*script: httpx.Response) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    left, asked = list(script), []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return left.pop(0) if len(left) > 1 else left[0]

    return httpx.MockTransport(answer), asked


def a_page(*records: dict[str, object], **more: object) -> httpx.Response:
    return httpx.Response(200, json={"@odata.count": len(records), "value": list(records), **more})


def test_records_are_handed_on_as_the_bytes_that_came(connect):
    body = b'{"@odata.context":"x","@odata.count":1,"value":[{"LineId":7,"DecimalPrice":1.2250}]}'
    transport, _ = answers(httpx.Response(200, content=body))
    page = connect(transport=transport).get_page("QuoteLines", {"$top": "1000"})
    assert [bytes(record) for record in page.records] == [b'{"LineId":7,"DecimalPrice":1.2250}']
    assert (page.count, page.next_link) == (1, None)


def test_a_next_link_is_followed_to_the_letter(connect, server):
    link = f"{server.url}/prospect/Quotes?%24skiptoken=A%2Fb%27%28c%29&$top=1000&odd=%7e"
    transport, asked = answers(a_page())
    connect(transport=transport).follow("Quotes", link)
    assert str(asked[0].url) == link
    assert asked[0].url.raw_path.decode().endswith("?" + link.partition("?")[2])


def test_a_next_link_to_another_host_is_never_given_the_token(connect):
    transport, asked = answers(a_page())
    with pytest.raises(MalformedAnswer, match="on another host"):
        connect(transport=transport).follow("Quotes", "http://127.0.0.2/prospect/Quotes")
    assert asked == []


def test_a_connection_without_a_token_says_which_setting_to_fill(connect, home, clock):
    connection = connect().connection
    with pytest.raises(WrongCredentials, match="XERO_CRM_CRM_TOKEN"):
        ProspectClient(connection, Credentials(), home)


def test_a_refused_token_is_told_at_once_and_never_shown(connect):
    said = {"error": {"message": f"Bearer {TOKEN} has been revoked", "details": []}}
    transport, asked = answers(httpx.Response(401, json=said))
    with pytest.raises(NotAuthorised, match="My Tokens") as caught:
        connect(token=TOKEN, transport=transport).get_page("Quotes", {})
    assert len(asked) == 1
    assert TOKEN not in str(caught.value)


def test_a_bad_request_repeats_everything_prospect_said(connect):
    said = {
        "error": {
            "message": "The query is invalid.",
            "details": [{"target": "$filter", "message": "Could not find a property 'X'."}],
        }
    }
    transport, _ = answers(httpx.Response(400, json=said))
    with pytest.raises(BadRequest) as caught:
        connect(transport=transport).get_page("Quotes", {})
    assert caught.value.messages == ("The query is invalid.", "Could not find a property 'X'.")


def test_trouble_that_passes_is_tried_again_and_every_try_is_counted(connect):
    transport, _ = answers(httpx.Response(500), httpx.Response(503), a_page({"QuoteId": 1}))
    client = connect(transport=transport)
    assert len(client.get_page("Quotes", {}).records) == 1
    assert client.usage("Quotes").calls == 3
    assert client.usage("Quotes").bytes > 0
    assert client.usage("Companies").calls == 0


def test_trouble_that_stays_ends_after_three_tries(connect):
    transport, asked = answers(httpx.Response(500))
    with pytest.raises(ServerTrouble, match="Prospect answered 500"):
        connect(transport=transport).get_page("Quotes", {})
    assert len(asked) == 3


@pytest.mark.parametrize(
    "body", [b'{"value":[{"a":1}', b"<html></html>", b'{"items":[]}', b'{"value":[1]}']
)
def test_an_answer_of_another_shape_is_malformed(connect, body):
    transport, _ = answers(httpx.Response(200, content=body))
    with pytest.raises(MalformedAnswer, match="Quotes of connection crm"):
        connect(transport=transport).get_page("Quotes", {})


def test_a_call_too_many_pauses_for_as_long_as_the_window_may_take(connect, clock):
    transport, asked = answers(httpx.Response(429), a_page())
    connect(transport=transport).get_page("Quotes", {})
    assert len(asked) == 2
    assert sum(clock.slept) == pytest.approx(75, abs=1)


def test_an_allowance_that_others_spend_is_told_with_the_setting_to_lower(connect):
    transport, asked = answers(httpx.Response(429))
    with pytest.raises(RateLimited, match="calls_per_ten_minutes"):
        connect(transport=transport).get_page("Quotes", {})
    assert len(asked) == 8


def test_clients_of_one_workspace_share_its_allowance_of_ten_minutes(connect, clock):
    transport, asked = answers(a_page())
    one = connect(transport=transport, calls_per_ten_minutes=3)
    other = connect(transport=transport, calls_per_ten_minutes=3, name="other")
    for client in (one, other, one):
        client.get_page("Quotes", {})
    assert clock.slept == []
    other.get_page("Quotes", {})
    assert len(asked) == 4
    assert 600 <= sum(clock.slept) <= 603
