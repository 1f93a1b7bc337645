"""Every minute: seal what has been written since."""

from procrastinate.contrib.django import app

from stepwell.trust.audit.sealing import seal


@app.periodic(cron="* * * * *", periodic_id="seal_events")
@app.task(name="seal_events", queueing_lock="seal_events")
def seal_events(timestamp: int = 0) -> int:
    """How many events were sealed. Killed or run twice at once, it leaves the chains whole."""
    return seal()
