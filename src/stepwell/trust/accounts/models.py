"""Users and their memberships. They stand outside the wall: a person may work for two organizations."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest

from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.models import Center, Organization


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(email=email.strip().lower(), name=name, **more)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("es", "Español")], default="en")
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    #: The center that a person who works at several has chosen, while this request lasts.
    chosen_center: str = ""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_in_any_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def memberships_here(self) -> list["Membership"]:
        """The roles this person holds in the organization we act in; asked once for each organization."""
        here = current_organization_id()
        if here is None:
            return []
        known: dict[uuid.UUID, list[Membership]] = self.__dict__.setdefault("_memberships", {})
        if here not in known:
            known[here] = list(
                self.memberships.current().filter(organization_id=here).select_related("center")  # type: ignore[attr-defined]
            )
        return known[here]

    @property
    def centers_here(self) -> list[Center]:
        """Where this person works or is cared for, of the organization we act in; a role without a center is at all."""
        everywhere = any(membership.center is None for membership in self.memberships_here)
        if everywhere:
            return list(Center.objects.in_use().order_by("name"))
        return list({m.center.pk: m.center for m in self.memberships_here if m.center}.values())

    @property
    def center_here(self) -> Center | None:
        """Whose clock hangs on the wall: the center chosen in this session, else the first."""
        known: dict[uuid.UUID | None, Center | None] = self.__dict__.setdefault("_center", {})
        here = current_organization_id()
        if here not in known:
            named = [membership.center for membership in self.memberships_here if membership.center]
            centers = self.centers_here if self.chosen_center or not named else named
            chosen = [center for center in centers if str(center.pk) == self.chosen_center]
            known[here] = next(iter(chosen or named or centers), None)
        return known[here]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(membership.role) for membership in self.memberships_here)

    @property
    def is_staff_here(self) -> bool:
        return any(role.is_staff for role in self.roles)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Those that have not ended. Nothing else opens a door."""
        return self.filter(ended_at=None)


class Membership(models.Model):
    """One role of one person in one organization, at one center or, without a center, at all of them.

    It is ended, not deleted: who could see what, and when, can be told later.
    """

    outside_the_wall = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    #: When this person came in here last: not when they signed in to another organization.
    last_here_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organization", "center", "role"],
                condition=Q(ended_at=None),
                name="membership_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


def signed_in(request: HttpRequest) -> User:
    """Who asks, in a view that nobody reaches without having signed in."""
    assert isinstance(request.user, User)
    return request.user
