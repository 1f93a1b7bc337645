"""What a worker tidies up each day."""

from procrastinate.contrib.django import app

from stepwell.ground.kit import clock


@app.periodic(cron="47 3 * * *", periodic_id="forget_paces")
@app.task(name="forget_paces", queueing_lock="forget_paces")
def forget_paces(timestamp: int = 0) -> int:
    """A window that is over limits nobody."""
    from stepwell.trust.access.models import Pace

    forgotten, _by_model = Pace.objects.filter(ends_at__lte=clock.now()).delete()
    return forgotten
