"""The permission table in words, one role at a time: what it may do, and for whom."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from stepwell.trust.access import Permission, may
from stepwell.trust.access.rules import TABLE, Relation
from stepwell.trust.accounts.models import signed_in
from stepwell.trust.accounts.roles import Role
from stepwell.trust.accounts.words import ROLES

FOR_WHOM: dict[Relation, str | Promise] = {
    Relation.SELF: _("their own record"),
    Relation.CARE_TEAM: _("people on whose care team they are"),
    Relation.EMERGENCY: _("for an hour, whoever they open in an emergency"),
    Relation.CENTER: _("everybody at their center"),
}


@dataclass(frozen=True)
class Row:
    what: str
    for_whom: tuple[str | Promise, ...]


def rows_of(role: Role) -> list[Row]:
    """Every permission; those that the role has not come with nobody."""
    return [
        Row(
            permission.value,
            tuple(words for relation, words in FOR_WHOM.items() if relation in by_role.get(role, ())),
        )
        for permission, by_role in TABLE.items()
    ]


@require_safe
@login_required
def permissions(request: HttpRequest) -> HttpResponse:
    """For whoever gives roles, and whoever looks over what was done with them."""
    user = signed_in(request)
    if not (may(user, Permission.MANAGE_STAFF) or may(user, Permission.SEE_AUDIT)):
        raise Http404
    asked = request.GET.get("role", "")
    role = Role(asked) if asked in set(Role) else Role.COUNSELOR
    rows = rows_of(role)
    return render(
        request,
        "staff/permissions.html",
        {
            "roles": ROLES,
            "role": role,
            "role_name": ROLES[role],
            "may": [row for row in rows if row.for_whom],
            "may_not": [row for row in rows if not row.for_whom],
        },
    )
