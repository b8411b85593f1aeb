"""What every system's error taxonomy begins with."""


class ReadFailure(Exception):
    """What kept an endpoint from being read to its end; the text says what to do."""
