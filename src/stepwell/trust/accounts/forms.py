"""Signing in."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stepwell.trust.accounts import proof
from stepwell.trust.accounts.models import User


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """A new password, twice."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, first.help_text = (
            _("Password"),
            _("At least 12 characters. A few words in a row are good."),
        )
        second.label, second.help_text = _("The same password again"), ""


class WelcomeForm(NewPasswordForm):
    """The password that opens a new sign-in."""


class EmailForm(forms.Form):
    """Where to send a code or a link."""

    email = forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )


class CodeForm(forms.Form):
    """A code that was sent, that an app shows, or that is on paper."""

    WRONG: ClassVar = _("That code is not right, or it is used up. Check it, or get another one.")

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class ParticularsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What somebody is called here, and the language of their pages and letters."""

    class Meta:
        model = User
        fields: ClassVar = ["name", "language"]
        labels: ClassVar = {"name": _("Name"), "language": _("Language")}
        widgets: ClassVar = {"language": forms.RadioSelect}


class PasskeyForm(forms.Form):
    """A name by which its owner knows a passkey again."""

    name = forms.CharField(
        label=_("A name for it"), max_length=60, required=False, help_text=_("Such as: my phone.")
    )


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

    @classmethod
    def refused_passkey(cls, request: HttpRequest) -> "SignInForm":
        form = cls(request, {})
        form._errors = ErrorDict()  # type: ignore[attr-defined]
        form.cleaned_data = {}
        form.add_error(None, proof.REFUSED_PASSKEY)
        return form

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
