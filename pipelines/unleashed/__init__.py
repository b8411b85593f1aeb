"""Unleashed: what is read of it, and how."""
