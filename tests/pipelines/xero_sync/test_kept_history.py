"""What vanishes, is merged or archived in Xero keeps its history."""

from __future__ import annotations

from datetime import timedelta

SECOND_DAY = timedelta(hours=23)


def test_what_vanishes_is_marked_by_a_whole_read_alone_and_keeps_its_history(business):
    acme = business()
    acme.run()
    identity = sorted(acme.organisation.records["Contacts"])[0]
    other = sorted(acme.organisation.records["Contacts"])[1]
    acme.organisation.change(
        "Contacts", other, ContactStatus="ARCHIVED", MergedToContactID=identity
    )
    acme.run()
    assert acme.versions("contacts", other) == 2
    acme.organisation.remove("Contacts", sorted(acme.organisation.records["Contacts"])[-1])
    assert acme.run()["contacts"].tombstones == 0
    acme.later = SECOND_DAY
    acme.server.control.on("Contacts", page=3, times=None).answers(403)
    assert acme.run()["contacts"].tombstones == 0  # a part of the list deletes nothing
    acme.server.control.clear()
    assert acme.run()["contacts"].tombstones == 1


def test_an_archived_tracking_option_and_an_account_that_was_deleted_keep_their_history(business):
    acme = business()
    lists = ("Accounts", "TrackingCategories")
    acme.run(*lists)
    categories = acme.organisation.records["TrackingCategories"]
    category = next(
        identity
        for identity, held in sorted(categories.items())
        if any(option["Status"] == "ACTIVE" for option in held["Options"])
    )
    options = [{**option, "Status": "ARCHIVED"} for option in categories[category]["Options"]]
    acme.organisation.change("TrackingCategories", category, Options=options)
    account = sorted(acme.organisation.records["Accounts"])[-1]
    acme.organisation.remove("Accounts", account)
    done = acme.run(*lists)
    assert (done["tracking_categories"].versions_written, done["accounts"].tombstones) == (1, 1)
    assert acme.versions("tracking_categories", category) == 2
    assert acme.versions("accounts", account) == 2
    assert acme.run(*lists)["accounts"].tombstones == 0
