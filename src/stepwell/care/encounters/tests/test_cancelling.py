"""What happened is not called off: doors open before the hour, and somebody may be marked by then."""

from datetime import timedelta

import pytest

from stepwell.care.encounters.actions import mark, unmark
from stepwell.care.encounters.rules import Mark
from stepwell.care.encounters.testing import group, leaders, visit
from stepwell.care.scheduling.actions import cancel, cancel_session
from stepwell.care.scheduling.models import Appointment, GroupSession
from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.people.models import Practitioner


@pytest.mark.parametrize("how", [Mark.HERE, Mark.ABSENT])
def test_who_is_marked_before_the_hour_is_not_cancelled(clinic, how):
    dana, _luis = leaders(clinic)
    soon = clock.now() + timedelta(minutes=20)
    maya = clinic.patient("Maya Reyes", team=(dana,))
    appointment = visit(maya, Practitioner.objects.get(user=dana), starts_at=soon)
    mark(appointment, how, by=dana, at=clock.now())
    with pytest.raises(Refused, match="Maya is marked for this time already"):
        cancel(appointment, because="Called", by=dana, at=clock.now())
    appointment.refresh_from_db()
    assert appointment.status == Appointment.Status.BOOKED
    unmark(appointment, by=dana, at=clock.now())
    cancel(appointment, because="Called", by=dana, at=clock.now())
    appointment.refresh_from_db()
    assert appointment.status == Appointment.Status.CANCELLED


@pytest.mark.parametrize("how", [Mark.HERE, Mark.ABSENT])
def test_a_group_that_somebody_is_marked_for_is_not_called_off(clinic, how):
    room = group(clinic, starts_at=clock.now() + timedelta(minutes=20))
    mark(room.place("Aisha"), how, by=room.dana, at=clock.now())
    with pytest.raises(Refused, match="Somebody is marked for this group already"):
        cancel_session(room.session, because="Snow", by=room.dana, at=clock.now())
    room.session.refresh_from_db()
    assert room.session.status == GroupSession.Status.PLANNED
    unmark(room.place("Aisha"), by=room.dana, at=clock.now())
    cancel_session(room.session, because="Snow", by=room.dana, at=clock.now())
    assert not Appointment.objects.booked().filter(session=room.session).exists()
