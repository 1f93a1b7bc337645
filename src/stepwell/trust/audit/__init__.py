"""What was done, by whom, to what, and why. Written once, never changed.

The database role of the app may add events and read them, and nothing else.
"""

from stepwell.trust.audit.events import Did, Purpose, record, record_apart, record_each

__all__ = ["Did", "Purpose", "record", "record_apart", "record_each"]
