"""Who works here: the list, an invitation, roles, particulars, licenses."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, lists, may, require
from stepwell.trust.accounts import codes, letters
from stepwell.trust.accounts.models import User, signed_in
from stepwell.trust.accounts.step_up import step_up
from stepwell.trust.accounts.welcome import has_key, way_in
from stepwell.trust.setup.actions import staff as actions
from stepwell.trust.setup.forms.staff import (
    InvitationForm,
    LicenseForm,
    ParticularsForm,
    RolesForm,
    SecondStepForm,
)
from stepwell.trust.setup.models import License
from stepwell.trust.setup.people import StaffMember, State, colleagues, members
from stepwell.trust.setup.sight import managed, manages_everywhere
from stepwell.trust.setup.views.common import status_of

MANAGE = Permission.MANAGE_STAFF


@require_safe
@login_required
def staff(request: HttpRequest) -> HttpResponse:
    """Who works here, in which part; with sign-ins, licenses and those who left for whoever manages them."""
    user = signed_in(request)
    require(user, Permission.SEE_STAFF)
    manages = may(user, MANAGE)
    people = members(user) if manages else colleagues()
    today = timezone.localdate()
    if lists.asked_for_csv(request):
        return lists.as_csv(request, "staff", _header(manages), _rows(people, manages=manages))
    return render(
        request,
        "setup/staff.html",
        {
            "people": [(member, member.warnings(today)) for member in people],
            "today": today,
            "manages": manages,
            "count": sum(member.state is not State.DEACTIVATED for member in people),
            "expiring": sum(
                bool(member.warnings(today)) for member in people if member.state is not State.DEACTIVATED
            ),
        },
    )


def _header(manages: bool) -> list[str]:
    shown = [_("Name"), _("Title"), _("Roles"), _("Where"), _("Languages")]
    return [*shown, _("E-mail"), _("State"), _("Last here"), _("Licenses")] if manages else shown


def _rows(people: list[StaffMember], *, manages: bool) -> Iterator[list[object]]:
    for one in people:
        row: list[object] = [one.name, one.title, one.roles, one.centers, one.languages]
        if manages:
            licenses = ", ".join(
                f"{each}" + (f" ({each.expires_on:%Y-%m-%d})" if each.expires_on else "")
                for each in one.licenses
            )
            row += [one.user.email, one.state_in_words, one.last_here_at or "", licenses]
        yield row


def _member(request: HttpRequest, staff_id: UUID) -> StaffMember:
    """The person whose page this is, among those whom the reader manages."""
    user = signed_in(request)
    require(user, MANAGE)
    found = members(user, of=staff_id)
    if not found:
        raise Http404
    return found[0]


@step_up
@login_required
def invitation(request: HttpRequest) -> HttpResponse:
    """Ask somebody in. They get a link by e-mail."""
    user = signed_in(request)
    require(user, MANAGE)
    form = InvitationForm(
        request.POST or None,
        centers=managed(user, MANAGE).in_use(),
        everywhere=manages_everywhere(user, MANAGE),
        initial={"languages": ["en"]},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invited = actions.invite(
                given["email"],
                name=given["name"],
                parts=form.chosen,
                given=form.particulars,
                by=user,
                at=clock.now(),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _sent(request, invited, inviter=user)
    return render(request, "setup/invitation.html", {"form": form}, status=status_of(form))


def _sent(request: HttpRequest, invited: User, *, inviter: User) -> HttpResponse:
    link = request.build_absolute_uri(way_in(invited))
    letters.send_invitation(invited, link, inviter=inviter.name, is_known=has_key(invited))
    messages.success(request, _("An e-mail is on its way to %(email)s.") % {"email": invited.email})
    return redirect("setup:member", invited.pk)


@require_POST
@login_required
def invitation_again(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The same invitation once more, good for three days from now."""
    user = signed_in(request)
    member = _member(request, staff_id)
    try:
        actions.send_again(member.user, by=user, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
        return redirect("setup:member", staff_id)
    return _sent(request, member.user, inviter=user)


@never_cache
@require_POST
@login_required
def invitation_link(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The link, to hand over where no e-mail arrives. It asks for a code from their mailbox."""
    member = _member(request, staff_id)
    try:
        shown = actions.show_link(member.user, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
        return redirect("setup:member", staff_id)
    address = request.build_absolute_uri(shown)
    return render(
        request, "setup/link.html", {"member": member, "link": address, "picture": codes.picture(address)}
    )


@login_required
def member(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """One person: what they are called here, what they may do, and their licenses."""
    user = signed_in(request)
    one = _member(request, staff_id)
    particulars = ParticularsForm(
        request.POST or None,
        initial={"name": one.name}
        | (
            {
                "title": one.practitioner.title,
                "credential": one.practitioner.credential,
                "languages": one.practitioner.languages,
            }
            if one.practitioner
            else {}
        ),
    )
    if request.method == "POST" and particulars.is_valid():
        try:
            actions.change_particulars(one.user, particulars.cleaned_data, by=user, at=clock.now())
        except Refused as refusal:
            refuse(particulars, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("setup:member", staff_id)
    return render(
        request,
        "setup/member.html",
        {
            "member": one,
            "form": particulars,
            "today": timezone.localdate(),
            "is_self": one.user == user,
            "licenses": [
                (each, each.is_over_on(timezone.localdate()), each.runs_out_soon(timezone.localdate()))
                for each in one.licenses
            ],
        },
        status=status_of(particulars),
    )


@step_up
@login_required
def roles(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """What this person may do here, from their next page on."""
    user = signed_in(request)
    one = _member(request, staff_id)
    if one.state is State.DEACTIVATED:
        return _invite_back(request, one)
    form = _roles_form(request, one, user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_parts(
                one.user, form.chosen, by=user, at=clock.now(), keep=request if one.user == user else None
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. It holds from their next page on."))
            return redirect("setup:member", staff_id)
    return render(request, "setup/roles.html", {"member": one, "form": form}, status=status_of(form))


def _roles_form(request: HttpRequest, one: StaffMember, user: User) -> RolesForm:
    return RolesForm(
        request.POST or None,
        centers=managed(user, MANAGE).in_use(),
        everywhere=manages_everywhere(user, MANAGE),
        held=actions.parts_of(one.user),
    )


def _invite_back(request: HttpRequest, one: StaffMember) -> HttpResponse:
    """Somebody who left may come back, in whatever part."""
    user = signed_in(request)
    form = _roles_form(request, one, user)
    if request.method == "POST" and form.is_valid():
        given = {
            name: getattr(one.practitioner, name)
            for name in ("title", "credential", "languages")
            if one.practitioner
        }
        try:
            actions.invite(
                one.user.email, name=one.name, parts=form.chosen, given=given, by=user, at=clock.now()
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _sent(request, one.user, inviter=user)
    return render(
        request, "setup/roles.html", {"member": one, "form": form, "is_back": True}, status=status_of(form)
    )


@step_up
@login_required
def second_step(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Take away the second step of somebody who is locked out, with a word on how it was made sure who they are."""
    one = _member(request, staff_id)
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_second_step_away(
                one.user, by=signed_in(request), at=clock.now(), because=form.cleaned_data["because"]
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("Taken away. They sign in with their password, and set up another one first.")
            )
            return redirect("setup:member", staff_id)
    return render(request, "setup/second_step.html", {"member": one, "form": form}, status=status_of(form))


# Licenses


@login_required
def new_license(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    one = _member(request, staff_id)
    form = LicenseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_license(one.user, form.cleaned_data, by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The license is added."))
            return redirect("setup:member", staff_id)
    return render(request, "setup/license.html", {"member": one, "form": form}, status=status_of(form))


def _license(request: HttpRequest, license_id: UUID) -> tuple[License, StaffMember]:
    require(signed_in(request), MANAGE)
    one = License.objects.kept().select_related("practitioner__user").filter(pk=license_id).first()
    # Whose it is, is looked up for one that is not there, too: so out of sight takes as long as nowhere.
    whose = _member(request, one.practitioner.user_id if one else license_id)
    if one is None:
        raise Http404
    return one, whose


@login_required
def license(request: HttpRequest, license_id: UUID) -> HttpResponse:  # noqa: A001 - what it is called
    one, whose = _license(request, license_id)
    form = LicenseForm(
        request.POST or None,
        initial={name: getattr(one, name) for name in ("kind", "number", "state", "expires_on")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_license(one, form.cleaned_data, by=signed_in(request), at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("setup:member", whose.user.pk)
    return render(
        request,
        "setup/license.html",
        {"member": whose, "form": form, "license": one},
        status=status_of(form),
    )


@require_POST
@login_required
def license_removal(request: HttpRequest, license_id: UUID) -> HttpResponse:
    one, whose = _license(request, license_id)
    try:
        actions.take_license_off(one, by=signed_in(request), at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.because)
    else:
        messages.success(request, _("%(license)s is taken off the list.") % {"license": one})
    return redirect("setup:member", whose.user.pk)
