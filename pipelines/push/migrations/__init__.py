"""The ledger's schema, version by version; `tables` is what the last of them leads to."""
