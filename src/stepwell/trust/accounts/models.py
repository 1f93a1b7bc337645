"""Users and their memberships. They stand outside the wall: a person may work for two organizations."""

import uuid
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from stepwell.ground.kit import clock
from stepwell.trust.accounts.roles import Role
from stepwell.trust.organizations.acting import current_organization_id
from stepwell.trust.organizations.models import Center, Organization


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        user = self.model(email=email.strip().lower(), name=name, **more)
        user.set_password(password)
        user.save()
        return user

    def of_mailbox(self, email: str, name: str, **more: Any) -> "User":
        """Whoever signs in with that address; somebody new, without a password, when nobody does."""
        found = self.filter(email__iexact=email.strip()).first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return self.create_user(email, name, **more)
        except IntegrityError:  # Made by somebody else this moment.
            return self.get(email__iexact=email.strip())

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("es", "Español")], default="en")
    #: Whether a letter alone does something on the pages of staff (WCAG 2.1.4 asks that it can be turned off).
    single_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    #: Every session of this person carries this number. One more, and all of them are over (``accounts.sessions``).
    session_generation = models.PositiveIntegerField(default=0)
    #: Codes of the second step that were wrong, wherever they came from, since that moment (``accounts.codes``).
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    wrong_codes_since = models.DateTimeField(null=True, blank=True)

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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be this person's: it changes with the password and with the generation."""
        return salted_hmac(
            "stepwell.accounts.session",
            f"{self.password}:{self.session_generation}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def memberships_here(self) -> list["Membership"]:
        """The roles this person holds in the organization we act in; asked once for each organization."""
        here = current_organization_id()
        if here is None:
            return []
        known: dict[uuid.UUID, list[Membership]] = self.__dict__.setdefault("_memberships", {})
        if here not in known:
            known[here] = [each for each in self.current_memberships if each.organization_id == here]
            # Behind the wall, a center is read only where we act.
            centers = Center.objects.in_bulk({each.center_id for each in known[here] if each.center_id})
            for membership in known[here]:
                if membership.center_id:
                    membership.center = centers[membership.center_id]
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
    def zone_here(self) -> ZoneInfo:
        """The clock on the wall where this person works or is cared for."""
        return self.center_here.zone if self.center_here else ZoneInfo("UTC")

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """Every role this person holds, in every organization; asked once for each request."""
        return list(self.memberships.current())  # type: ignore[attr-defined]

    def forget_memberships(self) -> None:
        """Ask anew from here on: a role has just begun or ended."""
        for asked in ("_memberships", "_center", "current_memberships"):
            self.__dict__.pop(asked, None)

    @property
    def is_staff_anywhere(self) -> bool:
        """Whether any organization has this person on its staff: then their sign-in is guarded as one of staff."""
        return any(membership.is_for_staff for membership in self.current_memberships)

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

    @property
    def is_for_staff(self) -> bool:
        return Role(self.role).is_staff


class SignedInBrowser(models.Model):
    """One browser that somebody is signed in with, so that they can see it in a list and end it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browsers")
    session_key = models.CharField(max_length=40, unique=True)
    #: Such as "Chrome on Android".
    agent = models.CharField(max_length=60, blank=True)
    came_from = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["-last_used_at", "id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.agent}"


class Passkey(models.Model):
    """A key on somebody's phone, computer or stick. We hold its public half."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    #: The attested credential data of WebAuthn, as the authenticator gave it.
    credential = models.BinaryField()
    #: How often the key says it was used; some always say nought. One that counts back was copied.
    uses = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]

    def __str__(self) -> str:
        return f"{self.user}: {self.name}"


class AuthenticatorApp(models.Model):
    """An app that shows a new code every 30 seconds."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="authenticator_app"
    )
    #: Sealed with a key of the server's (``accounts.sealed``): the table alone makes no codes.
    secret = models.TextField()
    #: The step whose code was used last. No code of it or of an earlier one opens anything again.
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField(default=clock.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}: authenticator app"


class RecoveryCode(models.Model):
    """One of the codes on paper. Only its fingerprint is kept, so that nobody can read it here."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: recovery code"


class Letter(models.Model):
    """A code or a link that was asked for by e-mail; for nobody too, so that asking takes the same work.

    What opens is not kept: it is made anew from the id and a key of the server's (``accounts.sealed``).
    """

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        NEW_PASSWORD = "new_password"  # noqa: S105 what a letter is for
        #: Whether somebody reads a mailbox, be it known here or not.
        MAILBOX = "mailbox"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    #: Of a letter to a mailbox, the fingerprint of its address: the table alone names nobody.
    mailbox = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(default=clock.now, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} of {self.asked_at:%Y-%m-%d %H:%M}"


def signed_in(request: HttpRequest) -> User:
    """Who asks, in a view that nobody reaches without having signed in."""
    assert isinstance(request.user, User)
    return request.user
