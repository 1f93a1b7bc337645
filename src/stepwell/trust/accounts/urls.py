from django.urls import path

from stepwell.trust.accounts.views import account, again, signing_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign_in_code"),
    path("sign-in/code/entry/", signing_in.sign_in_code_entry, name="sign_in_code_entry"),
    path("sign-in/second-step/", signing_in.second_step, name="second_step"),
    path("sign-in/again/", again.again, name="again"),
    path("sign-in/challenge/", again.challenge, name="challenge"),
    path("sign-in/time-left/", again.time_left, name="time_left"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("password/forgotten/", signing_in.password_forgotten, name="password_forgotten"),
    path("password/<uuid:letter_id>/<str:token>/", signing_in.new_password, name="new_password"),
    path("welcome/<str:key>/<str:token>/", signing_in.welcome, name="welcome"),
    path("home/", signing_in.home, name="home"),
    path("account/", account.account, name="account"),
    path("account/particulars/", account.particulars, name="particulars"),
    path("account/keys/", account.keys, name="keys"),
    path("account/password/", account.password, name="password"),
    path("account/second-step/", account.second_step_choice, name="second_step_choice"),
    path("account/passkeys/", account.passkeys_of_mine, name="passkeys"),
    path("account/passkeys/challenge/", account.passkey_challenge, name="passkey_challenge"),
    path("account/passkeys/<uuid:passkey_id>/removal/", account.passkey_removal, name="passkey_removal"),
    path("account/authenticator/", account.authenticator, name="authenticator"),
    path("account/authenticator/removal/", account.authenticator_removal, name="authenticator_removal"),
    path("account/recovery-codes/", account.recovery_codes, name="recovery_codes"),
    path("account/sessions/", account.browsers, name="sessions"),
    path("account/sessions/<uuid:browser_id>/ending/", account.session_ending, name="session_ending"),
]
