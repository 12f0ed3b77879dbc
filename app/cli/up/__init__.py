"""`tripsage up`: the whole system as supervised processes in the foreground.

Kept light: no web framework, queue or Redis client is imported here, so that a start is as fast as its
slowest child.
"""
