from django.apps import AppConfig


class EncountersConfig(AppConfig):
    name = "stepwell.care.encounters"

    def ready(self) -> None:
        from stepwell.care.encounters import disclosed
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.ATTENDANCE, disclosed.attendance, seen_with=Permission.SEE_CHART)
