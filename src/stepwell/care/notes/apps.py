from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "stepwell.care.notes"

    def ready(self) -> None:
        from stepwell.care.notes import disclosed
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.NOTES, disclosed.notes, seen_with=Permission.SEE_NOTES)
        from stepwell.care.notes import handing_over
        from stepwell.trust.setup import registry

        registry.tell_what_is_held(handing_over.Notes())
