"""`explain`: which document is meant, and what is said of its lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from published_documents import (
    HARBOUR,
    THISTLE,
    a_candidate,
    a_document,
    a_line,
    a_slot,
    an_exception,
    publish,
)

from orchestration import cli
from orchestration.explanation import NoSuchLine, explain
from orchestration.outgoing_documents import AmbiguousDocument, UnknownDocument
from orchestration.published_file import NothingPublished
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", connections=tmp_path / "connections.toml")


@pytest.fixture
def explained(settings, monkeypatch, capsys):
    """Run `xero-crm explain` on a published file; give (status, stdout, stderr)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("XERO_CRM_HOME", str(settings.home))
        monkeypatch.setattr(sys, "argv", ["xero-crm", "explain", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(str(ended.value.code)), out, err

    return call


def an_invoice_of_two_lines(settings: Settings) -> None:
    publish(
        settings.home,
        coding__documents=[a_document(is_blocked=True)],
        coding__document_lines=[a_line(1), a_line(2, description="Delivery", item_code=None)],
        coding__line_candidates=[
            a_candidate("org_default", "200 Sales", rank=6),
            a_candidate("item_override", "250 Benchtops", rank=4, wins=True),
        ],
        coding__exceptions=[
            an_exception("Account 250 is archived in Xero.", "Restore it or choose another."),
            an_exception("30 Sep is in a locked period.", line_id=None, severity="hold"),
        ],
        coding__tracking_availability=[a_slot(2, "Division"), a_slot(3, "Branch")],
    )


def test_each_line_says_what_won_and_where_it_came_from(settings, explained):
    an_invoice_of_two_lines(settings)
    status, out, _ = explained("WG-5001")
    assert status == 0
    assert "Account: 250 Benchtops, from the item" in out
    assert "Tax: OUTPUT2, from the line itself" in out
    assert "Division (Analysis 2): Kitchens, from the document" in out
    assert "Branch (Analysis 3): none" in out


def test_candidates_are_shown_in_the_order_that_they_were_tried(settings, explained):
    an_invoice_of_two_lines(settings)
    _, out, _ = explained("WG-5001")
    won, lost = "Used: the item comes first.", "The item comes before it."
    assert out.index(won) < out.index(lost)


def test_what_is_in_the_way_is_said_with_the_remedy(settings, explained):
    an_invoice_of_two_lines(settings)
    _, out, _ = explained("WG-5001")
    assert "CANNOT BE SENT" in out
    assert "HOLDS IT: 30 Sep is in a locked period." in out
    assert "STOPS IT: Account 250 is archived in Xero. Restore it or choose another." in out
    assert "Nothing is wrong with this line." in out.split("Line 2:")[1]


def test_totals_of_the_source_and_of_xero_stand_side_by_side(settings, explained):
    publish(settings.home, coding__documents=[a_document(is_in_locked_period=True)])
    _, out, _ = explained("WG-5001")
    assert "Total in WorkGuru: 1,414.50 (net 1,230.00, tax 184.50) NZD" in out
    assert "Total in Xero: 1,414.50 (net 1,230.00, tax 184.50) NZD" in out
    assert "2026-10-15 (in a period that is locked in Xero)" in out


def test_a_line_that_was_sent_shows_the_account_that_it_was_sent_with(settings, explained):
    publish(
        settings.home,
        coding__documents=[a_document(is_sent=True)],
        coding__document_lines=[a_line(account_code="205")],
        coding__line_candidates=[a_candidate("item_override", "250 Benchtops", wins=True)],
    )
    _, out, _ = explained("WG-5001")
    assert "Account: 205, from the item" in out


def test_the_document_is_said_to_be_of_its_organisation(settings, explained):
    publish(settings.home, coding__documents=[a_document(organisation_name="Kōwhai Slipway Ltd")])
    _, out, _ = explained("WG-5001")
    assert "Organisation: Kōwhai Slipway Ltd" in out


def test_each_side_of_a_stock_adjustment_names_its_own_account(settings, explained):
    of_stock: dict[str, Any] = {"document_type": "adjustment", "document_id": "7"}
    sides = {"role": "ADJUSTMENT", "account_level": "org_default", "contra_account_level": "job"}
    cost = a_line(1, **of_stock, **sides, account_code="310", contra_account_code="630")
    stock = a_line(2, **of_stock, **sides, account_code="630", contra_account_code="310")
    won = a_candidate("org_default", "310 Materials", wins=True, **of_stock)
    publish(
        settings.home,
        coding__documents=[a_document(**of_stock, side="stock", document_number="ADJ-7")],
        coding__document_lines=[cost, stock],
        coding__line_candidates=[won],
    )
    _, out, _ = explained("ADJ-7")
    first, second = out.split("Line 2:")
    assert "Account: 310 Materials, from the organisation's default" in first
    assert "Stock account: 630, from the project" in first
    assert "Account: 630, from the organisation's default" in second
    assert "Stock account" not in second


def test_one_line_alone(settings):
    an_invoice_of_two_lines(settings)
    (only,) = explain(settings, "WG-5001", 2).lines
    assert only.line["description"] == "Delivery"
    with pytest.raises(NoSuchLine, match=r"has no line 9\. It has 1, 2\."):
        explain(settings, "WG-5001", 9)


def test_a_document_that_is_not_to_be_sent_is_not_called_faultless(settings, explained):
    publish(
        settings.home,
        coding__documents=[a_document(is_due=False, source_status="Draft")],
        coding__document_lines=[a_line()],
    )
    _, out, _ = explained("WG-5001")
    assert "Not due yet: its status is Draft." in out
    assert "Nothing is wrong" not in out


@pytest.mark.parametrize("name", ["wg-5001", "7001", "workguru:invoice:7001"])
def test_a_document_is_found_by_number_id_or_key(settings, name):
    publish(
        settings.home,
        coding__documents=[
            a_document(),
            a_document(document_type="purchase", document_id="9", document_number="PO-1"),
        ],
    )
    assert explain(settings, name).document["document_id"] == "7001"


def test_of_several_documents_each_is_listed_and_the_status_is_2(settings, explained):
    publish(
        settings.home,
        coding__documents=[a_document(), a_document(document_type="credit_note")],
    )
    with pytest.raises(AmbiguousDocument):
        explain(settings, "WG-5001")
    status, out, err = explained("WG-5001")
    assert (status, out) == (2, "")
    assert "workguru:invoice:7001 (2026-10-15, Bay Kitchens)" in err
    assert "workguru:credit_note:7001" in err


def test_the_same_key_in_two_organisations_is_told_apart_by_the_organisation(settings):
    elsewhere = a_document(tenant_id=THISTLE, organisation_name="Thistle & Loch")
    publish(settings.home, coding__documents=[a_document(), elsewhere])
    listed = (
        rf"{HARBOUR}:workguru:invoice:7001 \(Harbour Joinery, .*{THISTLE}:\S+ \(Thistle & Loch, "
    )
    with pytest.raises(AmbiguousDocument, match=listed):
        explain(settings, "workguru:invoice:7001")
    found = explain(settings, f"{THISTLE}:workguru:invoice:7001")
    assert found.document["tenant_id"] == THISTLE


def test_an_unknown_document_is_answered_with_the_nearest_numbers(settings, explained):
    publish(
        settings.home,
        coding__documents=[a_document(), a_document(document_id="2", document_number="PO-77")],
    )
    status, _, err = explained("WG-501")
    assert status == 2
    assert "Did you mean WG-5001?" in err
    publish_nothing = Settings(home=settings.home.parent / "other")
    publish(publish_nothing.home)
    with pytest.raises(UnknownDocument, match="none was read from a source system yet"):
        explain(publish_nothing, "WG-501")


def test_without_a_published_file_it_says_what_to_run(settings):
    with pytest.raises(NothingPublished, match="xero-crm run"):
        explain(settings, "WG-5001")


def test_json_holds_every_candidate_and_money_as_text(settings, explained):
    an_invoice_of_two_lines(settings)
    _, out, _ = explained("WG-5001", "--line", "1", "--json")
    found = json.loads(out)
    assert found["exit_status"] == 0
    assert found["document"]["source_total"] == "1414.5000"
    assert [c["is_winner"] for c in found["lines"][0]["candidates"]] == [True, False]
    assert found["lines"][0]["findings"][0]["rule"] == "ACC_ARCHIVED"
