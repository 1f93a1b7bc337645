"""Signing in."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stepwell.trust.accounts.models import User


class WelcomeForm(SetPasswordForm):  # type: ignore[type-arg]
    """The password that opens a new sign-in, twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, first.help_text = (
            _("Password"),
            _("At least 12 characters. A few words in a row are good."),
        )
        second.label, second.help_text = _("The same password again"), ""


class SignInForm(forms.Form):
    """E-mail and password. One sentence for every failure, so that it does not tell who exists."""

    email = forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        self.user: User | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("email") and given.get("password"):
            user = authenticate(self.request, username=given["email"].lower(), password=given["password"])
            if not isinstance(user, User):
                raise forms.ValidationError(
                    _("That email and password do not match. Check both and try again.")
                )
            self.user = user
        return given
