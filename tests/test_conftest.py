"""The surroundings that tests/conftest.py promises."""

import os
import socket
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py")


def test_the_home_is_a_folder_of_this_test(tmp_path):
    assert os.environ["XERO_CRM_HOME"] == str(tmp_path / "home")


def test_the_users_home_is_out_of_reach():
    assert Path("~").expanduser() != Path(f"~{os.environ.get('USER', 'root')}").expanduser()


def test_loopback_is_allowed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.fixture
def suite(pytester, monkeypatch):
    """A small test suite under our conftest, its markers declared."""
    monkeypatch.delenv("XERO_CRM_TEST_ALL", raising=False)
    monkeypatch.setenv("XERO_CRM_ACME_TOKEN", "of the user")
    pytester.makeconftest(CONFTEST.read_text("utf-8"))
    pytester.makeini("[pytest]\nmarkers =\n    needs_shared\n    needs_chromium\n    needs_jdk\n")
    return pytester


def test_a_call_to_another_machine_fails_the_test_even_if_it_is_caught(suite):
    suite.makepyfile(
        """
        import contextlib, socket

        def test_reaches_out():
            with contextlib.suppress(OSError), socket.socket() as connection:
                connection.connect(("192.0.2.1", 80))
        """
    )
    result = suite.runpytest_subprocess("-p", "no:xdist")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the test tried to reach*192.0.2.1*"])


def test_settings_of_the_user_do_not_reach_a_test(suite):
    suite.makepyfile(
        """
        import os

        def test_settings():
            ours = [name for name in os.environ if name.startswith("XERO_CRM_")]
            assert ours == ["XERO_CRM_HOME"]
        """
    )
    suite.runpytest_subprocess().assert_outcomes(passed=1)


def test_what_could_not_run_is_listed_with_its_remedy(suite):
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.needs_shared
        @pytest.mark.parametrize("case", [1, 2])
        def test_reference(case):
            pass
        """
    )
    result = suite.runpytest_subprocess()
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(
        ["2 tests not run: needs the reference folder ../shared, put it beside the checkout"]
    )


def test_what_could_not_run_fails_where_everything_must_run(suite, monkeypatch):
    monkeypatch.setenv("XERO_CRM_TEST_ALL", "1")
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.needs_shared
        def test_reference():
            pass
        """
    )
    result = suite.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*XERO_CRM_TEST_ALL=1, but this test needs the reference folder*"])
