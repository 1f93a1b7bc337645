"""What happens to a sign-in, told to whoever keeps the trace: the audit room stands above this one."""

from django.dispatch import Signal

#: With user, request (or None), by (a User or None) and because.
changed_sign_in = Signal()
ended_sessions = Signal()
proved_again = Signal()
