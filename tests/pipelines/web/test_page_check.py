"""Pages that slid while they were read are noticed, and from where."""

from pipelines.web.page_check import PageCheck


def a_check(*pages: tuple[str, int]) -> PageCheck:
    """Pages as ("abc", itemCount): one letter a record."""
    check = PageCheck()
    for number, (ids, item_count) in enumerate(pages, start=1):
        check.add(number, list(ids), item_count)
    return check


def test_pages_that_hold_what_was_counted_fit() -> None:
    assert a_check(("abc", 5), ("de", 5)).first_affected() is None


def test_an_empty_list_fits() -> None:
    assert a_check(("", 0)).first_affected() is None


def test_a_record_that_moved_to_the_end_points_to_the_page_it_left() -> None:
    # a b c | d e f | g h: b is edited after page 2, so g slides to page 2 and is missed
    assert a_check(("abc", 8), ("def", 8), ("hb", 8)).first_affected() == 1


def test_a_new_record_points_to_the_page_before_the_count_changed() -> None:
    assert a_check(("abc", 8), ("def", 8), ("ghi", 9)).first_affected() == 2


def test_a_short_list_without_a_hint_is_read_from_the_start() -> None:
    assert a_check(("abc", 8), ("def", 8), ("g", 8)).first_affected() == 1


def test_after_the_repeat_only_the_new_pages_count() -> None:
    check = a_check(("abc", 8), ("def", 8), ("hb", 8))
    check.forget_from(1)
    for number, ids in enumerate(("acd", "efg", "hb"), start=1):
        check.add(number, list(ids), 8)
    assert check.first_affected() is None
    assert sorted(check.first_page) == list("abcdefgh")
