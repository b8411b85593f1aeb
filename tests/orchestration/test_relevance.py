"""Which tracking is offered, written into its settings file."""

from __future__ import annotations

import pytest

from orchestration.relevance import TrackingChoice, choose_tracking, is_offered, offered_rows
from pipelines.settings import Settings, SettingsError

TENANT = "fbd32599-d854-598e-934f-c31ab3d33de8"
DIVISION = ("f144d03d-7223-599f-a226-3ea28b97f608", "Division")
SHOWROOM = ("f41c1902-3fb8-5916-a77f-0b6fafd181c4", "Showroom")
HEADER = (
    "tenant_id,tracking_category_id,tracking_category_name,tracking_option_id,"
    "tracking_option_name,is_relevant\n"
)
FILE = f"# Kept by the bookkeeper.\n{HEADER}*,,Division,,Showroom,false\n"


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "tracking_relevance.csv").write_text(FILE, "utf-8")
    return Settings(home=tmp_path / "home", settings_dir=tmp_path)


def choice(option=SHOWROOM, *, is_relevant=True):
    return TrackingChoice(TENANT, DIVISION[0], DIVISION[1], option[0], option[1], is_relevant)


def text(settings):
    return (settings.settings_dir / "tracking_relevance.csv").read_text("utf-8")


def test_an_organisations_choice_stands_beside_the_rule_for_all(settings):
    assert choose_tracking(settings, [choice()]) == 1
    assert text(settings) == f"{FILE}{TENANT},{','.join(DIVISION)},{','.join(SHOWROOM)},true\n"
    assert is_offered(offered_rows(settings), TENANT, DIVISION, SHOWROOM)


def test_a_choice_that_is_made_again_the_other_way_changes_its_own_row(settings):
    choose_tracking(settings, [choice()])
    assert choose_tracking(settings, [choice(is_relevant=False)]) == 1
    assert text(settings).count("Showroom") == 2


def test_a_choice_that_says_what_holds_already_changes_nothing(settings):
    assert choose_tracking(settings, [choice(is_relevant=False)]) == 0
    assert text(settings) == FILE


def test_a_category_is_chosen_apart_from_its_options(settings):
    choose_tracking(settings, [choice(("", ""), is_relevant=False)])
    rows = offered_rows(settings)
    assert not is_offered(rows, TENANT, DIVISION, ("", ""))
    assert is_offered(rows, TENANT, DIVISION, ("another-id", "Kitchens"))


def test_nothing_is_written_where_another_settings_file_is_not_valid(settings):
    (settings.settings_dir / "gl_defaults.csv").write_text("tenant_id,rule\n", "utf-8")
    with pytest.raises(SettingsError, match="gl_defaults"):
        choose_tracking(settings, [choice()])
    assert text(settings) == FILE
