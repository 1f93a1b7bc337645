"""Every hour: ask for what the rules of tasks want, and let go what is over."""

from procrastinate.contrib.django import app

from stepwell.care.progress.asking import go_round
from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization


@app.periodic(cron="23 * * * *", periodic_id="ask_for_tasks")
@app.task(name="ask_for_tasks", queueing_lock="ask_for_tasks")
def ask_for_tasks(timestamp: int = 0) -> int:
    """How many tasks were made, over all organizations. Each stands by itself; run again, it adds nothing."""
    made = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            made += go_round(clock.now()).made
    return made
