"""Dagster's assets, checks and schedules, a file per step."""
