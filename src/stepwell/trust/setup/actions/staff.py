"""Inviting somebody, changing what they may do here, their particulars and licenses, and ending it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stepwell.ground.kit.changing import change
from stepwell.ground.kit.refusals import ChangedMeanwhile, Refused
from stepwell.trust import audit
from stepwell.trust.access import Permission, require
from stepwell.trust.access.rules import Relation, relations_for
from stepwell.trust.accounts.changes import forget_second_step
from stepwell.trust.accounts.models import Membership, User
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.sessions import sign_out_everywhere
from stepwell.trust.accounts.welcome import link_to_hand_over
from stepwell.trust.accounts.words import role_name
from stepwell.trust.organizations.acting import the_organization_id
from stepwell.trust.organizations.models import Center, Organization
from stepwell.trust.people.models import CareTeamMember, Practitioner
from stepwell.trust.people.stopping import somebody_stopped
from stepwell.trust.setup import registry
from stepwell.trust.setup.actions.once import refused_if_there
from stepwell.trust.setup.models import License
from stepwell.trust.setup.rules.administrators import Administers, leaves_nobody
from stepwell.trust.setup.sight import require_at

MANAGE = Permission.MANAGE_STAFF


@dataclass(frozen=True)
class Part:
    """One role at one center, or at every one."""

    role: Role
    center: Center | None = None

    def __str__(self) -> str:
        return f"{role_name(self.role)} ({self.center.name if self.center else _('every center')})"


def _in_words(parts: Iterable[Part]) -> str:
    return ", ".join(sorted(str(part) for part in parts)) or _("none")


def parts_of(user: User) -> set[Part]:
    """The roles this person has here now, that of a patient left out."""
    return {Part(Role(one.role), one.center) for one in _staff_memberships(user).select_related("center")}


def _staff_memberships(user: User) -> Any:
    here = Membership.objects.current().filter(user=user, organization=the_organization_id())
    return here.exclude(role=Role.PATIENT)


def _work_here_of(user: User, *, by: User) -> list[Membership]:
    """The roles this person has here, each of which ``by`` manages. Raises Refused for somebody who left."""
    require(by, MANAGE)
    held = list(_staff_memberships(user))
    if not held:
        raise Refused(_("This person does not work here. Invite them again."))
    require_at(by, [one.center_id for one in held], MANAGE)
    return held


def wait_in_turn() -> None:
    """Whoever changes who administers waits here, so that two cannot take away the last two at once.

    Before any other lock. Without the key of the row: every row that is written in this organization points at it, and
    nobody else's work waits for a change of staff.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=the_organization_id())


@transaction.atomic
def invite(
    email: str, *, name: str, parts: Sequence[Part], given: Mapping[str, Any], by: User, at: datetime
) -> User:
    """Give somebody a place here. Whoever signs in to another organization already keeps that sign-in.

    Nothing here tells whether they do: the answer is the same, and so is what is sent. Raises Refused for somebody
    who works here already, and without a role.
    """
    require(by, MANAGE)
    _check_parts(parts)
    require_at(by, [part.center.pk if part.center else None for part in parts], MANAGE)
    wait_in_turn()
    user = User.objects.of_mailbox(email, name)
    if _staff_memberships(user).exists():
        raise Refused(_("Somebody with this e-mail works here already."), field="email")
    Practitioner.objects.update_or_create(user=user, defaults={"name": name, **given})
    for part in set(parts):
        Membership.objects.create(
            user=user, organization_id=the_organization_id(), center=part.center, role=part.role
        )
    audit.record(by=by, did=audit.Did.INVITED, to=user, because=f"{name}: {_in_words(parts)}")
    return user


def _check_parts(parts: Sequence[Part]) -> None:
    if not parts:
        raise Refused(_("Choose at least one role."), field="roles")
    if any(not part.role.is_staff for part in parts):
        raise Refused(_("Choose roles of people who work here."), field="roles")


@transaction.atomic
def send_again(user: User, *, by: User, at: datetime) -> None:
    """Note that the invitation goes out once more. Raises Refused for somebody who has come in already."""
    _has_not_come_in(user, by=by)
    audit.record(by=by, did=audit.Did.INVITED, to=user, because="sent again")


@transaction.atomic
def show_link(user: User, *, by: User, at: datetime) -> str:
    """The path that leads to their sign-in, to hand over: it asks for a code from their mailbox. Showings are recorded.

    The same for somebody who signs in elsewhere already. Raises Refused for somebody who has come in here.
    """
    _has_not_come_in(user, by=by)
    audit.record(by=by, did=audit.Did.OPENED, to=user, because="the link of an invitation")
    return link_to_hand_over(user)


def _has_not_come_in(user: User, *, by: User) -> None:
    if any(one.last_here_at for one in _work_here_of(user, by=by)):
        raise Refused(_("This person has come in already. There is nothing to open any more."))


@transaction.atomic
def change_parts(
    user: User, wanted: Sequence[Part], *, by: User, at: datetime, keep: HttpRequest | None = None
) -> None:
    """Give and take roles; from this person's next request on.

    When something is taken away, every session of theirs ends; all but the one of ``keep``, for a role of one's own.
    Raises Refused where nobody would administer, and for a role that somebody gives to themself.
    """
    _check_parts(wanted)
    wait_in_turn()
    before = parts_of(user)
    if not before:
        raise ChangedMeanwhile(_("This person does not work here any more. Invite them again."))
    after = set(wanted)
    if after == before:
        return
    changed = (before - after) | (after - before)
    require_at(by, [part.center.pk if part.center else None for part in changed], MANAGE)
    _check_administrators(user, after, by=by)
    if user == by and after - before:
        _check_gives_oneself(user, after - before)
    arrived = max((one.last_here_at for one in _staff_memberships(user) if one.last_here_at), default=None)
    for part in after - before:
        Membership.objects.create(
            user=user,
            organization_id=the_organization_id(),
            center=part.center,
            role=part.role,
            last_here_at=arrived,
        )
    taken = before - after
    for part in taken:
        _staff_memberships(user).filter(role=part.role, center=part.center).update(ended_at=at)
    if taken:
        somebody_stopped(user, at=at)
        sign_out_everywhere(user, by=by, keep=keep, because="a role ended")
    user.forget_memberships()
    audit.record(
        by=by,
        did=audit.Did.CHANGED_PERMISSIONS,
        to=user,
        because=f"{user.name}: {_in_words(before)} → {_in_words(after)}",
    )


def _check_gives_oneself(user: User, added: Iterable[Part]) -> None:
    """A role is given by somebody else. Whoever is alone may give themself one that opens no center's charts."""
    if _others_who_manage_staff(user):
        raise Refused(
            _("Nobody gives a role to themself. Ask somebody else here who manages staff."), field="roles"
        )
    if any(Relation.CENTER in relations_for(Permission.SEE_CHART, [part.role]) for part in added):
        raise Refused(
            _(
                "This role opens every chart of a center, and nobody gives it to themself."
                " Invite somebody else who manages staff, and ask them."
            ),
            field="roles",
        )


def _others_who_manage_staff(user: User) -> bool:
    managers = _who_can_come_in(role for role in Role if relations_for(MANAGE, [role]))
    return any(one.user_id != user.pk for one in managers)


def _who_can_come_in(roles: Iterable[Role]) -> list[Membership]:
    """Who has one of these roles here. An invitation that nobody has opened is not somebody."""
    held = Membership.objects.current().filter(
        organization=the_organization_id(), role__in=list(roles), user__is_active=True
    )
    return [
        one
        for one in held.select_related("user")
        if one.last_here_at is not None or one.user.has_usable_password()
    ]


def _check_administrators(user: User, after: Iterable[Part], *, by: User) -> None:
    administers_still = any(part.role is Role.ADMINISTRATOR for part in after)
    before = _administrators()
    if user == by and not administers_still and any(one.user == user.pk for one in before):
        raise Refused(
            _("You cannot take away your own administrator role. Ask another administrator."), field="roles"
        )
    others = [one for one in before if one.user != user.pk]
    own = [Administers(user.pk, part.center is None) for part in after if part.role is Role.ADMINISTRATOR]
    if leaves_nobody(before, [*others, *own]):
        raise Refused(
            _("Nobody else administers here. Give another person the role of administrator first."),
            field="roles",
        )


def _administrators() -> list[Administers]:
    """Those who administer here and can sign in."""
    return [Administers(one.user_id, one.center_id is None) for one in _who_can_come_in([Role.ADMINISTRATOR])]


@transaction.atomic
def change_particulars(user: User, given: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """What this person is called here, and how they sign: name, title, credential, languages."""
    _work_here_of(user, by=by)
    practitioner, _is_new = Practitioner.objects.get_or_create(user=user, defaults={"name": given["name"]})
    changed = change(practitioner, given)
    if not changed:
        return
    practitioner.save(update_fields=changed)
    elsewhere = user.memberships.exclude(organization=the_organization_id())
    if "name" in changed and not elsewhere.exists():
        # Whoever signs in elsewhere, too, is called there as they were: that name is not ours to change.
        user.name = given["name"]
        user.save(update_fields=["name"])
    audit.record(by=by, did=audit.Did.CHANGED, to=practitioner, because=", ".join(changed))


# Licenses


@transaction.atomic
def add_license(user: User, given: Mapping[str, Any], *, by: User, at: datetime) -> License:
    _work_here_of(user, by=by)
    practitioner, _is_new = Practitioner.objects.get_or_create(user=user, defaults={"name": user.name})
    with refused_if_there(_same_license(), field="kind"):
        one = License.objects.create(practitioner=practitioner, **given)
    audit.record(by=by, did=audit.Did.CREATED, to=one, because=str(one))
    return one


@transaction.atomic
def change_license(one: License, given: Mapping[str, Any], *, by: User, at: datetime) -> None:
    _work_here_of(one.practitioner.user, by=by)
    if changed := change(one, given):
        with refused_if_there(_same_license(), field="kind"):
            one.save(update_fields=changed)
        audit.record(by=by, did=audit.Did.CHANGED, to=one, because=f"{one}: {', '.join(changed)}")


@transaction.atomic
def take_license_off(one: License, *, by: User, at: datetime) -> None:
    _work_here_of(one.practitioner.user, by=by)
    if one.taken_off_at is None:
        one.taken_off_at = at
        one.save(update_fields=["taken_off_at"])
        audit.record(by=by, did=audit.Did.ENDED, to=one, because=str(one))


def _same_license() -> str:
    return _("This person has such a license of that state already. Change that one.")


# Locked out


@transaction.atomic
def take_second_step_away(user: User, *, by: User, at: datetime, because: str) -> None:
    """For somebody who lost their phone and their recovery codes: at their next sign-in they set up another.

    A sign-in is one in every organization. Raises Refused for one that opens another, too: no organization takes away
    what guards the next one. Also for oneself, and without a word on how it was made sure who it is.
    """
    _work_here_of(user, by=by)
    if user == by:
        raise Refused(_("You cannot do this for yourself. Ask another administrator."))
    # Not as what, nor where: that they are cared for elsewhere would be told by it.
    if user.memberships.current().exclude(organization=the_organization_id()).exists():  # type: ignore[attr-defined]
        raise Refused(
            _(
                "This person uses their sign-in somewhere else, too, so it is not changed from here."
                " Ask whoever runs the server: they can do it once they have made sure who it is."
            )
        )
    if not because.strip():
        raise Refused(_("Say how you made sure who it is."), field="because")
    forget_second_step(user, by=by, at=at, because=because.strip())
    # How they knew is with the sign-in (``SignInEvent``): this log holds no words that somebody typed.
    audit.record(by=by, did=audit.Did.CHANGED_SIGN_IN, to=user, because="took the second step away")


# Leaving


@transaction.atomic
def deactivate(user: User, *, by: User, at: datetime) -> None:
    """End every role of this person here, and every session they have open. They stay what they are elsewhere.

    The last step of handing over. Raises Refused while they hold anything, for oneself, and for the last administrator.
    """
    wait_in_turn()
    held = list(_staff_memberships(user))
    if not held:
        require(by, MANAGE)
        return
    require_at(by, [one.center_id for one in held], MANAGE)
    if user == by:
        raise Refused(_("You cannot deactivate yourself. Ask another administrator."))
    _check_administrators(user, [], by=by)
    practitioner = Practitioner.objects.filter(user=user).first()
    if practitioner is not None:
        still = [one for one in registry.everything_held(practitioner, reader=by, at=at) if one.holdings]
        if still:
            raise Refused(
                _("%(name)s still holds: %(what)s.")
                % {"name": practitioner.name, "what": ", ".join(str(one.part.title) for one in still)}
            )
        _leave_every_team(practitioner, at=at)
    before = parts_of(user)
    _staff_memberships(user).update(ended_at=at)
    sign_out_everywhere(user, by=by)
    audit.record(
        by=by, did=audit.Did.DEACTIVATED, to=user, because=f"{user.name}: {_in_words(before)} → {_('none')}"
    )


def _leave_every_team(practitioner: Practitioner, *, at: datetime) -> None:
    """What is left of their places on care teams: where somebody else looks after the person, too."""
    places = CareTeamMember.objects.filter(practitioner=practitioner, ended_on=None)
    for place in places.select_for_update(of=("self",)).select_related("patient__center"):
        today = place.patient.center.day_of(at)
        place.ended_on = max(today, place.started_on)
        place.ended_because = "does not work here any more"
        place.save(update_fields=["ended_on", "ended_because"])
