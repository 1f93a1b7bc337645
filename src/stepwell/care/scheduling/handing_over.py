"""Groups and appointments of somebody who leaves, handed to colleagues: from now on, and with nobody in two places."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepwell.care.scheduling import actions, holding
from stepwell.care.scheduling.first_visits import ROLES as INTAKE
from stepwell.care.scheduling.forms import SEES_FOR
from stepwell.care.scheduling.models import Appointment, Enrollment, GroupSeries, GroupSession, Hold
from stepwell.care.scheduling.rules.times import day_of
from stepwell.ground.kit.refusals import Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.accounts.models import User
from stepwell.trust.accounts.roles import GIVES_CARE, Role
from stepwell.trust.people.joining import join_care_team
from stepwell.trust.people.models import Practitioner
from stepwell.trust.setup.caseload import at_center, name_for, who_works
from stepwell.trust.setup.registry import Holding, NotHandedOver


def _led_by(of: Practitioner) -> Q:
    return Q(leader=of) | Q(co_leader=of)


def _series(of: Practitioner, at: datetime) -> QuerySet[GroupSeries]:
    """Weekly groups that go on."""
    return GroupSeries.objects.running_on(at.date()).filter(_led_by(of))


def _sessions(of: Practitioner, at: datetime) -> QuerySet[GroupSession]:
    """Single meetings to come of a group that is somebody else's."""
    own = _series(of, at).values("pk")
    ahead = GroupSession.objects.meeting().filter(_led_by(of), starts_at__gt=at)
    return ahead.exclude(series__in=own)


def _appointments(of: Practitioner, at: datetime) -> QuerySet[Appointment]:
    return Appointment.objects.booked().filter(practitioner=of, starts_at__gt=at)


def prepare(of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
    """Every lock at once, in the order of every other act: groups first, then the line for people and rooms."""
    series = list(_series(of, at).order_by("pk").select_for_update(of=("self",)))
    list(
        GroupSession.objects.filter(_led_by(of), starts_at__gt=at)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    people = set(_appointments(of, at).values_list("patient", flat=True))
    people |= set(
        Enrollment.objects.from_day(at.date()).filter(series__in=series).values_list("patient", flat=True)
    )
    holding.wait_in_line({of.pk, *(one.pk for one in to), *people})


class Groups:
    """Weekly groups led or co-led, and single meetings led for somebody else."""

    key = "groups"
    title = gettext_lazy("Groups")
    about = gettext_lazy("The colleague leads it in every session still to come, and joins the care teams.")
    ending = gettext_lazy(
        "A co-leader is taken off. A group that they lead ends, and its sessions are called off."
    )

    def held(self, of: Practitioner, *, reader: User, at: datetime) -> list[Holding]:
        colleagues = who_works(GIVES_CARE, beside=of)
        series = [
            Holding(
                f"series:{one.pk}",
                one.name,
                f"{_('leads') if one.leader_id == of.pk else _('co-leads')} · {one.get_weekday_display()}"
                f" {formats.time_format(one.starts, 'g:i A')}",
                _without_the_other(at_center(colleagues, one.center_id), one),
            )
            for one in _series(of, at).select_related("center")
        ]
        sessions = [
            Holding(
                f"session:{one.pk}",
                one.series.name,
                formats.date_format(one.starts_at.astimezone(one.series.center.zone), "l, M j, g:i A"),
                _without_the_other(at_center(colleagues, one.series.center_id), one),
            )
            for one in _sessions(of, at).select_related("series__center")
        ]
        return series + sessions

    def prepare(self, of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
        prepare(of, to, at=at)

    def hand_over(
        self, shares: Mapping[str, Practitioner], *, of: Practitioner, by: User, at: datetime
    ) -> None:
        hand_over_groups(of, shares, by=by, at=at)

    def end(self, key: str, *, of: Practitioner, because: str, by: User, at: datetime) -> None:
        require(by, Permission.MANAGE_STAFF)
        kind, _colon, pk = key.partition(":")
        if kind == "series":
            if one := _series(of, at).select_related("center").filter(pk=pk).first():
                _end_series(one, of, because=because, by=by, at=at)
        elif session := _sessions(of, at).select_related("series__center").filter(pk=pk).first():
            _let_go(session, of, because=because, by=by, at=at)
            audit.record(by=by, did=audit.Did.ENDED, to=session)


def _without_the_other(colleagues: tuple[Any, ...], one: GroupSeries | GroupSession) -> tuple[Any, ...]:
    """Nobody leads a group beside themself."""
    return tuple(each for each in colleagues if each not in (one.leader_id, one.co_leader_id))


def hand_over_groups(of: Practitioner, shares: Mapping[str, Practitioner], *, by: User, at: datetime) -> None:
    """Put colleagues in this person's place in groups, by the key of each. A step of a larger transaction."""
    require(by, Permission.MANAGE_STAFF)
    for key, to in shares.items():
        kind, _colon, pk = key.partition(":")
        if kind == "series":
            one = _series(of, at).select_related("center", "leader", "co_leader").filter(pk=pk).first()
            if one is not None:
                _check_leader(to, one.center_id, key, beside=of)
                _give_series(one, of, to, key, by=by, at=at)
        elif session := _sessions(of, at).select_related("series__center").filter(pk=pk).first():
            _check_leader(to, session.series.center_id, key, beside=of)
            _give_session(session, of, to, key, at=at)
            audit.record(by=by, did=audit.Did.HANDED_OVER, to=session, because=f"{of.name} → {to.name}")


def _check_leader(to: Practitioner, center: Any, key: str, *, beside: Practitioner) -> None:
    if to.pk not in at_center(who_works(GIVES_CARE, beside=beside), center):
        raise NotHandedOver(
            _("%(name)s does not lead groups at this center.") % {"name": to.name}, part=Groups.key, key=key
        )


def _give_series(
    one: GroupSeries, of: Practitioner, to: Practitioner, key: str, *, by: User, at: datetime
) -> None:
    _take_place(one, of, to, key)
    one.save(update_fields=["leader", "co_leader"])
    ahead = one.sessions.meeting().filter(_led_by(of), starts_at__gt=at)
    for session in ahead.select_related("series__center", "leader", "co_leader"):
        _give_session(session, of, to, key, at=at)
    today = one.center.day_of(at)
    for place in one.enrollments.from_day(today).select_related("patient"):
        join_care_team(place.patient, to, Role.FACILITATOR, on=today, by=by)
    audit.record(by=by, did=audit.Did.HANDED_OVER, to=one, because=f"{one.name}: {of.name} → {to.name}")


def _take_place(one: GroupSeries | GroupSession, of: Practitioner, to: Practitioner, key: str) -> None:
    if to.pk in (one.leader_id, one.co_leader_id):
        name = one.name if isinstance(one, GroupSeries) else one.series.name
        raise NotHandedOver(
            _("%(name)s leads %(group)s already. Choose somebody else.") % {"name": to.name, "group": name},
            part=Groups.key,
            key=key,
        )
    if one.leader_id == of.pk:
        one.leader = to
    else:
        one.co_leader = to


def _give_session(
    session: GroupSession, of: Practitioner, to: Practitioner, key: str, *, at: datetime
) -> None:
    _take_place(session, of, to, key)
    session.save(update_fields=["leader", "co_leader"])
    zone = session.series.center.zone

    def take() -> None:
        _release(of, at=at, session=session)
        holding.take([holding.practitioner(to)], session.during, of=session, zone=zone)

    _or_not_handed_over(take, Groups.key, key)


def _release(of: Practitioner, *, at: datetime, **which: Any) -> None:
    Hold.objects.standing().filter(taken=of.pk, **which).update(released_at=at)


def _or_not_handed_over(act: Callable[[], None], part: str, key: str) -> None:
    try:
        act()
    except Refused as refusal:
        raise NotHandedOver(refusal.because, part=part, key=key) from refusal


def _let_go(session: GroupSession, of: Practitioner, *, because: str, by: User, at: datetime) -> None:
    """A co-leader is taken off; a session whose leader goes is called off."""
    if session.co_leader_id == of.pk:
        session.co_leader = None
        session.save(update_fields=["co_leader"])
        _release(of, at=at, session=session)
    else:
        actions.call_off(session, because=because, by=by, at=at)


def _end_series(one: GroupSeries, of: Practitioner, *, because: str, by: User, at: datetime) -> None:
    zone = one.center.zone
    today = day_of(at, zone)
    ahead = one.sessions.meeting().filter(starts_at__gt=at)
    if one.co_leader_id == of.pk:
        one.co_leader = None
        one.save(update_fields=["co_leader"])
        ahead = ahead.filter(_led_by(of))
    else:
        one.ends_on = max(today, one.starts_on)
        one.save(update_fields=["ends_on"])
        for place in one.enrollments.from_day(today):
            place.ends_on = max(today, place.starts_on)
            place.save(update_fields=["ends_on"])
    for session in ahead.select_related("series__center"):
        _let_go(session, of, because=because, by=by, at=at)
    audit.record(by=by, did=audit.Did.ENDED, to=one, because=f"{of.name} leaves")


class Appointments:
    """Times booked with this person alone."""

    key = "appointments"
    title = gettext_lazy("Appointments")
    about = gettext_lazy("The time stays, and the colleague sees the person then and joins the care team.")
    ending = gettext_lazy("The appointment is cancelled with this reason.")

    def held(self, of: Practitioner, *, reader: User, at: datetime) -> list[Holding]:
        ahead = list(_appointments(of, at).select_related("patient__center").order_by("starts_at"))
        names = name_for(reader, [one.patient for one in ahead])
        by_kind = {kind: who_works(_sees(kind), beside=of) for kind in {one.kind for one in ahead}}
        return [
            Holding(
                str(one.pk),
                names[one.patient_id],
                f"{one.get_kind_display()} · "
                + formats.date_format(one.starts_at.astimezone(one.patient.center.zone), "D, M j, g:i A"),
                at_center(by_kind[one.kind], one.patient.center_id),
                names=one.patient_id,
            )
            for one in ahead
        ]

    def prepare(self, of: Practitioner, to: Collection[Practitioner], *, at: datetime) -> None:
        prepare(of, to, at=at)

    def hand_over(
        self, shares: Mapping[str, Practitioner], *, of: Practitioner, by: User, at: datetime
    ) -> None:
        hand_over_appointments(of, shares, by=by, at=at)

    def end(self, key: str, *, of: Practitioner, because: str, by: User, at: datetime) -> None:
        require(by, Permission.MANAGE_STAFF)
        if one := _appointments(of, at).select_related("patient__center").filter(pk=key).first():
            actions.call_off_visit(one, because=because, by=by, at=at)
            audit.record(by=by, did=audit.Did.CANCELLED, to=one)


def _sees(kind: str) -> frozenset[Role]:
    return SEES_FOR.get(Appointment.Kind(kind), INTAKE)


def hand_over_appointments(
    of: Practitioner, shares: Mapping[str, Practitioner], *, by: User, at: datetime
) -> None:
    """Book colleagues in this person's place, at the same times. A step of a larger transaction."""
    require(by, Permission.MANAGE_STAFF)
    for key, to in shares.items():
        one = _appointments(of, at).select_related("patient__center").filter(pk=key).first()
        if one is None:
            continue  # Called off by somebody else meanwhile.
        if to.pk not in at_center(who_works(_sees(one.kind), beside=of), one.patient.center_id):
            raise NotHandedOver(
                _("%(name)s does not see people for this at this center.") % {"name": to.name},
                part=Appointments.key,
                key=key,
            )
        _give_appointment(one, of, to, key, by=by, at=at)
        audit.record(by=by, did=audit.Did.HANDED_OVER, to=one, because=f"{of.name} → {to.name}")


def _give_appointment(
    one: Appointment, of: Practitioner, to: Practitioner, key: str, *, by: User, at: datetime
) -> None:
    zone = one.patient.center.zone
    one.practitioner = to
    one.save(update_fields=["practitioner"])

    def take() -> None:
        _release(of, at=at, appointment=one)
        holding.take([holding.practitioner(to)], one.during, of=one, zone=zone)

    _or_not_handed_over(take, Appointments.key, key)
    join_care_team(one.patient, to, actions.part_of(to), on=day_of(at, zone), by=by)
