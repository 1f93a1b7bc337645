"""What happened at the small center of the doors' tests: groups met, people came or did not."""

import html
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from stepwell.care.encounters.models import Absence, Encounter
from stepwell.care.scheduling.models import Appointment, GroupSeries, GroupSession
from stepwell.trust.accounts.models import User
from stepwell.trust.people.models import Patient, Practitioner

DAYTON = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 23)


def at(days_ago: int, hour: int, minute: int = 0) -> datetime:
    """A time on the wall in Dayton, that many days ago."""
    day = TODAY - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), DAYTON).astimezone(UTC)


def meets(series: GroupSeries, starts_at: datetime) -> GroupSession:
    session, _ = GroupSession.objects.get_or_create(
        series=series,
        starts_at=starts_at,
        defaults={
            "ends_at": starts_at + timedelta(minutes=series.minutes),
            "room": series.room,
            "leader": series.leader,
        },
    )
    return session


def booked(patient: Patient, session: GroupSession) -> Appointment:
    return Appointment.objects.create(
        patient=patient,
        episode=patient.episodeofcare_set.first(),
        kind="group",
        session=session,
        room=session.room,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        recorded_by=session.leader.user,
    )


def alone(patient: Patient, with_user: User, starts_at: datetime, **more: Any) -> Appointment:
    return Appointment.objects.create(
        **{
            "patient": patient,
            "episode": patient.episodeofcare_set.first(),
            "kind": "individual",
            "practitioner": Practitioner.objects.get(user=with_user),
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=50),
            "recorded_by": with_user,
        }
        | more
    )


def came(appointment: Appointment, *, signed: bool = True, **more: Any) -> Encounter:
    session = appointment.session
    practitioner = session.leader if session else appointment.practitioner
    assert practitioner is not None
    encounter = Encounter.objects.create(
        **{
            "patient": appointment.patient,
            "episode": appointment.episode,
            "appointment": appointment,
            "session": session,
            "practitioner": practitioner,
            "kind": appointment.kind,
            "attendance": "here",
            "starts_at": appointment.starts_at,
            "ends_at": appointment.ends_at,
            "minutes": (appointment.ends_at - appointment.starts_at).seconds // 60,
            "recorded_by": practitioner.user,
        }
        | more
    )
    if signed:
        encounter.signed_at, encounter.signed_by = appointment.ends_at, practitioner.user
        encounter.save()
    return encounter


def away(appointment: Appointment, **more: Any) -> Absence:
    return Absence.objects.create(
        patient=appointment.patient,
        appointment=appointment,
        session=appointment.session,
        starts_at=appointment.starts_at,
        recorded_by=appointment.recorded_by,
        **more,
    )


def read(client: Client, address: str) -> str:
    """A page as words, without its markup."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def links(client: Client, address: str) -> list[str]:
    """Where a page leads, within this site."""
    page = client.get(address).content.decode()
    return [html.unescape(link) for link in re.findall(r'href="(/[^"#]*)"', page)]
