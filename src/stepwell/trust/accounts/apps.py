from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "stepwell.trust.accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out
        from django.db.models.signals import post_delete, post_save, pre_save

        from stepwell.trust.accounts import endings, sessions
        from stepwell.trust.accounts.models import Membership

        user_logged_in.connect(sessions.begin, dispatch_uid="accounts-session-begins")
        user_logged_out.connect(sessions.forget, dispatch_uid="accounts-session-ends")
        pre_save.connect(endings.membership_changes, Membership, dispatch_uid="accounts-membership-changes")
        post_save.connect(endings.membership_changed, Membership, dispatch_uid="accounts-membership-changed")
        post_delete.connect(endings.membership_gone, Membership, dispatch_uid="accounts-membership-gone")
