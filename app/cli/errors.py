"""What stops a command before it has begun."""


class CannotStart(Exception):
    """The command cannot run as things stand; the message is one line that says what to do."""
