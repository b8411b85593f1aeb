"""Prospect CRM: what is read of it, and how."""
