"""Who is on a care team, since when and by whose word; and changing it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from stepwell.ground.kit import clock
from stepwell.ground.kit.refusals import Refused
from stepwell.ground.web.refusing import refuse
from stepwell.trust.access import Permission, may, require
from stepwell.trust.accounts.models import Membership, signed_in
from stepwell.trust.accounts.roles import Role
from stepwell.trust.people.actions import team as acts
from stepwell.trust.people.charts import open_chart, sight_of
from stepwell.trust.people.forms import LeavingForm, TeamForm
from stepwell.trust.people.models import CareTeamMember, Patient, Practitioner
from stepwell.trust.people.rules.team import parts_given_by


@never_cache
@login_required
def team(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = open_chart(request, patient_id)
    user = signed_in(request)
    may_change = may(user, Permission.CHANGE_CARE_TEAM, sight_of(request, patient))
    gives = parts_given_by(acts.roles_for(patient, user)) if may_change else frozenset()
    form = TeamForm(request.POST or None, who=_who_may_join(patient, gives, user.pk), roles=_named(gives))
    if request.method == "POST":
        require(user, Permission.CHANGE_CARE_TEAM, patient)
        if form.is_valid():
            try:
                joins = Practitioner.objects.get(pk=form.cleaned_data["practitioner"])
                acts.put_on_team(
                    patient,
                    joins,
                    Role(form.cleaned_data["role"]),
                    because=form.cleaned_data["because"],
                    by=user,
                    at=clock.now(),
                )
            except Refused as refusal:
                refuse(form, refusal)
            else:
                messages.success(
                    request,
                    _("%(name)s is on the care team. The chart is open to them.") % {"name": joins.name},
                )
                return redirect("people:team", patient.pk)
    everyone = CareTeamMember.objects.filter(patient=patient).select_related(
        "practitioner", "given_by", "emergency"
    )
    now = list(everyone.current().order_by("started_on", "practitioner__name"))
    let_in = list(everyone.in_emergency())
    before = everyone.exclude(pk__in=[member.pk for member in (*now, *let_in)])
    return render(
        request,
        "people/team.html",
        {
            "patient": patient,
            "form": form,
            "may_change": may_change,
            "now": [(member, Role(member.role) in gives) for member in now],
            "let_in": let_in,
            "before": before.order_by("-ended_on", "-started_on")[:50],
        },
        status=422 if form.errors else 200,
    )


@never_cache
@login_required
def leaving(request: HttpRequest, patient_id: UUID, member_id: UUID) -> HttpResponse:
    """Take somebody off the care team, with a reason."""
    patient = open_chart(request, patient_id)
    user = signed_in(request)
    require(user, Permission.CHANGE_CARE_TEAM, patient)
    places = CareTeamMember.objects.visible_to(user).current().filter(patient=patient)
    member = get_object_or_404(places.select_related("practitioner"), pk=member_id)
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.take_off_team(member, because=form.cleaned_data["because"], by=user, at=clock.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(
                request, _("%(name)s is off the care team.") % {"name": member.practitioner.name}
            )
            return redirect("people:team", patient.pk)
    return render(
        request,
        "people/leaving.html",
        {"patient": patient, "form": form, "member": member},
        status=422 if form.errors else 200,
    )


def _named(roles: frozenset[Role]) -> list[tuple[str, str]]:
    return [(role.value, role.value.replace("_", " ").capitalize()) for role in Role if role in roles]


def _who_may_join(patient: Patient, gives: frozenset[Role], giver: UUID) -> list[tuple[str, str]]:
    """Those who work at the center in a part that may be given, and not the giver."""
    users = (
        Membership.objects.current()
        .filter(organization=patient.organization_id, role__in=gives)
        .exclude(user=giver)
        .exclude(center__isnull=False, center__in=_other_centers(patient))
        .values("user")
    )
    people = Practitioner.objects.filter(user__in=users, user__is_active=True)
    return [(str(one.pk), f"{one.name}, {one.title}" if one.title else one.name) for one in people]


def _other_centers(patient: Patient) -> list[UUID]:
    return list(type(patient.center)._base_manager.exclude(pk=patient.center_id).values_list("pk", flat=True))
