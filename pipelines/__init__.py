"""Moves data across the warehouse's edge: extract, push, publish. Never imports Dagster or dbt."""
