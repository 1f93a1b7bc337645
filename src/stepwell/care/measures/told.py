"""Neutral messages about measures: to staff on watch when an answer needs somebody now, to the person when some wait.

Steps of larger acts, which ask and record by themselves. Nothing in them says who, or what about.
"""

from datetime import date, datetime, time, timedelta

from stepwell.care.measures.models import Response, ToldAtOnce
from stepwell.care.measures.rules import safety, schedule
from stepwell.trust.access import Permission, may
from stepwell.trust.accounts.models import User
from stepwell.trust.outbox import actions as outbox
from stepwell.trust.outbox.kinds import Kind
from stepwell.trust.people.models import Patient

#: When on its day a reminder goes out, by the person's own clock.
MID_MORNING = time(10)
LAST_OF_THE_DAY = time(20)


def tell_those_on_watch(response: Response, *, by: User, at: datetime) -> None:
    """Once for each answer that needs somebody now: to those who chose to be told, and may see to it."""
    if response.followed_up_at is not None or response.mode != Response.Mode.SELF:
        return
    pressing = [code for code in response.flags if safety.urgency(code) is safety.Urgency.NOW]
    if not pressing:
        return
    center = response.patient.center_id
    for chosen in ToldAtOnce.objects.filter(center=center, until=None).select_related("user"):
        if may(chosen.user, Permission.ASK_MEASURE, response.patient):
            outbox.queue(
                kind=Kind.WAITS_FOR_STAFF,
                user=chosen.user,
                by=by,
                at=at,
                useful_until=at + timedelta(days=1),
                unique_key=f"answer:{response.pk}:{'+'.join(sorted(pressing))}:{chosen.user_id}"[:120],
            )


def remind(patient: Patient, *, on: date, reminders: int, at: datetime, is_there_now: bool = False) -> None:
    """A few neutral messages for what was asked on one day; quiet hours and safe ways are the outbox's own matter.

    Who is there while it is asked needs no message on the day itself.
    """
    days = list(zip(schedule.reminder_days(reminders), _keys(patient, on), strict=False))
    for day, key in days[1:] if is_there_now else days:
        goes_on = on + timedelta(days=day)
        outbox.queue(
            kind=Kind.SOMETHING_WAITS,
            patient=patient,
            by=None,
            at=at,
            context={"phone": patient.center.phone},
            not_before=datetime.combine(goes_on, MID_MORNING, patient.zone),
            useful_until=max(
                datetime.combine(goes_on, LAST_OF_THE_DAY, patient.zone), at + timedelta(hours=12)
            ),
            unique_key=key,
        )


def call_off_reminders(response: Response, *, at: datetime) -> None:
    """Nobody is reminded of what is answered. As long as others of the same day wait, the message still says so."""
    if response.scheduled_on is None:
        return
    waiting = Response.objects.open().filter(patient=response.patient_id, scheduled_on=response.scheduled_on)
    if not waiting.exists():
        outbox.call_off(_keys(response.patient, response.scheduled_on), because="answered already")


def _keys(patient: Patient, on: date) -> list[str]:
    return [f"questions:{patient.pk}:{on}:{n}" for n in range(4)]
