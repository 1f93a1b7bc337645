"""What a worker tidies up each day."""

from procrastinate.contrib.django import app


@app.periodic(cron="37 3 * * *", periodic_id="forget_old_letters")
@app.task(name="forget_old_letters", queueing_lock="forget_old_letters")
def forget_old_letters(timestamp: int) -> None:
    """And browsers whose session has ended by itself."""
    from stepwell.trust.accounts import emailed, sessions

    emailed.forget_old()
    sessions.forget_ended()
