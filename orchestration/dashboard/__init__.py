"""The dashboard: pages over the published file and the push ledger; commands change things."""
