"""How long a chart stays open to the counselor when care has ended.

Thirty days, to finish what is to be written: our own default. No federal rule gives a number; 42 CFR 2.13(a) limits
a use of records to what the purpose needs, so that access without an end is not one. A program
may write notes sooner. [D]
"""

from datetime import date, timedelta

TO_FINISH_WRITING = timedelta(days=30)


def last_day_of_access(recorded_on: date) -> date:
    """The counselor's last day with the chart, when the end of care was written down on that one."""
    return recorded_on + TO_FINISH_WRITING
