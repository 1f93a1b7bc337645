"""What the worker does: each message when it is due, and every few minutes what was left behind."""

from uuid import UUID

from procrastinate.contrib.django import app

from stepwell.ground.kit import clock
from stepwell.trust.organizations.acting import acting_in
from stepwell.trust.organizations.models import Organization
from stepwell.trust.outbox import sending


@app.task(name="send_message", queue="messages")
def send_message(organization: str, message: str) -> None:
    sending.send(UUID(organization), UUID(message))


@app.periodic(cron="*/5 * * * *", periodic_id="send_what_was_left")
@app.task(name="send_what_was_left", queue="messages", queueing_lock="send_what_was_left")
def send_what_was_left(timestamp: int = 0) -> int:
    """Every organization's messages that a lost worker or a lost job left behind; how many were looked at."""
    looked_at = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with acting_in(organization_id):
            left = sending.due(clock.now())
        for message_id in left:
            sending.send(organization_id, message_id)
            looked_at += 1
    return looked_at
