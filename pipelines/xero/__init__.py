"""Xero's Accounting API: client, endpoints, extract."""
