"""Calling a system over HTTP, whichever it is: exchange, pace, retries, usage, lists."""
