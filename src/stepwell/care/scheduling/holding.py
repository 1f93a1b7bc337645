"""Taking people and rooms for a stretch of time, so that nobody and nothing is in two places.

Whoever wants somebody first waits in line for them, then looks, then takes. So the second of two asks when the
first is done, and is told what stands in the way; and the database's own constraint refuses whatever slips past.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from stepwell.care.scheduling.models import Appointment, GroupSession, Hold
from stepwell.care.scheduling.rules.times import Stretch, Taken, Wish, clashes
from stepwell.ground.kit.refusals import Refused
from stepwell.trust.organizations.models import Center, OpenTime, Room
from stepwell.trust.people.models import Patient, Practitioner


class AlreadyTaken(Refused):
    """Somebody or something is taken then. ``of`` says what kind; the sentence names who, by what, and when."""

    def __init__(self, because: str, of: Hold.Of) -> None:
        super().__init__(because, field=_FIELD[of])
        self.of = of


_FIELD = {Hold.Of.PRACTITIONER: "practitioner", Hold.Of.PATIENT: None, Hold.Of.ROOM: "room"}


@dataclass(frozen=True)
class Who:
    """A person or a room that can be taken, and its name on the screen."""

    of: Hold.Of
    id: UUID
    name: str


def practitioner(one: Practitioner) -> Who:
    return Who(Hold.Of.PRACTITIONER, one.pk, one.name)


def patient(one: Patient) -> Who:
    return Who(Hold.Of.PATIENT, one.pk, one.called)


def room(one: Room) -> Who:
    return Who(Hold.Of.ROOM, one.pk, one.name)


@dataclass(frozen=True)
class Held(Taken):
    """A stretch that is taken, with the hold that takes it."""

    hold: Hold | None = None


def wait_in_line(who: Iterable[UUID]) -> None:
    """Let nobody else take these until this transaction ends.

    They are waited for in one order, and an act that needs many asks for all of them at once, before anything
    else: so no two acts ever wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM"
            " (SELECT hashtextextended(taken, 0) AS key FROM unnest(%s::text[]) AS taken ORDER BY key) AS line",
            [[str(one) for one in set(who)]],
        )


def held(who: Collection[UUID], within: Stretch) -> list[Held]:
    """What takes these people and rooms, anywhere in that stretch."""
    holds = (
        Hold.objects.standing()
        .overlapping(within)
        .filter(taken__in=who)
        .select_related("session__series", "appointment__session__series", "appointment__practitioner")
    )
    return [Held(hold.taken, Stretch(hold.during.lower, hold.during.upper), hold=hold) for hold in holds]


def in_the_way(who: Sequence[Who], stretches: Sequence[Stretch]) -> tuple[tuple[Who, Held], ...]:
    """Everything that keeps these people and rooms from those stretches, earliest first."""
    if not who or not stretches:
        return ()
    whole = Stretch(min(one.starts_at for one in stretches), max(one.ends_at for one in stretches))
    by_id = {one.id: one for one in who}
    wishes = [Wish(one.id, stretch) for stretch in stretches for one in who]
    return tuple((by_id[wish.whom], taken) for wish, taken in clashes(wishes, held(list(by_id), whole)))


def take(who: Sequence[Who], during: Stretch, *, of: GroupSession | Appointment, zone: tzinfo) -> None:
    """Take everyone for one session or appointment. Raises AlreadyTaken, with nothing taken."""
    wait_in_line(one.id for one in who)
    if found := in_the_way(who, [during]):
        raise AlreadyTaken(in_words(*found[0], zone=zone), found[0][0].of)
    which = {"session": of} if isinstance(of, GroupSession) else {"appointment": of}
    stretch = TimestamptzRange(during.starts_at, during.ends_at)
    holds = [Hold(of=one.of, taken=one.id, during=stretch, **which) for one in who]
    try:
        with transaction.atomic():
            Hold.objects.bulk_create(sorted(holds, key=lambda hold: hold.taken))
    except IntegrityError as error:
        found = in_the_way(who, [during])
        if not found:
            raise
        raise AlreadyTaken(in_words(*found[0], zone=zone), found[0][0].of) from error
    _no_longer_open(who, during)
    if any(one.of is not Hold.Of.PATIENT for one in who):
        _publish_soon_for(of)


def take_for_a_visitor(
    who: Sequence[Who], during: Stretch, *, visitor: str, center: Center, at: datetime, until: datetime
) -> None:
    """The same for somebody who is typing, until then and no longer. Raises AlreadyTaken, with nothing taken."""
    wait_in_line(one.id for one in who)
    if found := in_the_way(who, [during]):
        raise AlreadyTaken(in_words(*found[0], zone=center.zone), found[0][0].of)
    stretch = TimestamptzRange(during.starts_at, during.ends_at)
    Hold.objects.bulk_create(
        Hold(of=one.of, taken=one.id, during=stretch, held_at=at, expires_at=until, visitor=visitor)
        for one in sorted(who, key=lambda one: one.id)
    )
    _no_longer_open(who, during)
    _publish_soon(center.organization_id, center.pk)


def let_visitor_go(visitor: str, *, center: Center, at: datetime, during: Stretch | None = None) -> None:
    """Let go of what a visitor holds: at that time, or everything."""
    theirs = Hold.objects.of_visitor(visitor)
    if during is not None:
        theirs = theirs.filter(during=TimestamptzRange(during.starts_at, during.ends_at))
    if theirs.update(released_at=at):
        _publish_soon(center.organization_id, center.pk)


def keep_from_others(visitor: str, during: Stretch, *, until: datetime) -> None:
    """What a visitor holds at that time stays taken for longer, though nothing was booked."""
    Hold.objects.of_visitor(visitor).filter(during=TimestamptzRange(during.starts_at, during.ends_at)).update(
        expires_at=until, visitor=""
    )


def forget_visitors(at: datetime) -> int:
    """What ran out is closed, and nothing is kept of whose it was."""
    return (
        Hold.objects.filter(expires_at__lte=at)
        .exclude(visitor="")
        .update(released_at=Coalesce("released_at", "expires_at"), visitor="")
    )


def _no_longer_open(who: Sequence[Who], during: Stretch) -> None:
    """The public is not offered what is taken: gone with this transaction, and back if it is undone."""
    clinicians = [one.id for one in who if one.of is Hold.Of.PRACTITIONER]
    if clinicians:
        OpenTime.objects.filter(
            practitioner__in=clinicians, starts_at__lt=during.ends_at, ends_at__gt=during.starts_at
        ).delete()


def _publish_soon_for(of: GroupSession | Appointment) -> None:
    center = of.series.center_id if isinstance(of, GroupSession) else of.patient.center_id
    _publish_soon(of.organization_id, center)


def _publish_soon(organization: UUID | None, center: UUID) -> None:
    """What else is open has changed: it is looked at again once this is kept."""
    from stepwell.care.scheduling.jobs import look_again

    assert organization is not None
    transaction.on_commit(lambda: look_again(organization, center))


def release(
    *, at: datetime, session: GroupSession | None = None, appointment: Appointment | None = None
) -> None:
    """Let go of everyone whom this session or appointment took."""
    which = {"session": session} if session else {"appointment": appointment}
    Hold.objects.standing().filter(**which).update(released_at=at)
    if session is not None:
        _publish_soon_for(session)
    elif appointment is not None and appointment.session_id is None:
        _publish_soon_for(appointment)


def in_words(who: Who, taken: Held, *, zone: tzinfo) -> str:
    """Who is taken, by what and when; never the name of another patient."""
    assert taken.hold is not None
    return _said(who, taken.hold) % {
        "name": who.name,
        "what": _what(taken.hold),
        "with": taken.hold.appointment.practitioner if taken.hold.appointment else "",
        "when": when_in_words(taken.during, zone),
        "until": _until(taken.hold, zone),
    }


def _until(hold: Hold, zone: tzinfo) -> str:
    return formats.date_format(hold.expires_at.astimezone(zone), "D g:i A") if hold.expires_at else ""


def _said(who: Who, hold: Hold) -> str:
    if hold.session is None and hold.appointment is None:
        return _("%(name)s is kept on %(when)s for somebody who books online, until %(until)s at the latest.")
    in_a_group = hold.session is not None or (
        hold.appointment is not None and hold.appointment.session is not None
    )
    if who.of is Hold.Of.PRACTITIONER:
        return (
            _("%(name)s leads %(what)s on %(when)s.")
            if in_a_group
            else _("%(name)s has an appointment on %(when)s.")
        )
    if who.of is Hold.Of.ROOM:
        return _("%(name)s is taken by %(what)s on %(when)s.")
    return (
        _("%(name)s is in %(what)s on %(when)s.") if in_a_group else _("%(name)s sees %(with)s on %(when)s.")
    )


def _what(hold: Hold) -> str:
    if hold.expires_at is not None:
        return ""
    if hold.session is not None:
        return hold.session.series.name
    assert hold.appointment is not None
    if hold.appointment.session is not None:
        return hold.appointment.session.series.name
    return _("an appointment with %(name)s") % {"name": hold.appointment.practitioner}


def when_in_words(during: Stretch, zone: tzinfo) -> str:
    starts_at, ends_at = during.starts_at.astimezone(zone), during.ends_at.astimezone(zone)
    return _("%(day)s, %(from)s to %(until)s") % {
        "day": formats.date_format(starts_at, "D, M j"),
        "from": formats.date_format(starts_at, "g:i A"),
        "until": formats.date_format(ends_at, "g:i A"),
    }
