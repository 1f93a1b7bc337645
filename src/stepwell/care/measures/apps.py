from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "stepwell.care.measures"

    def ready(self) -> None:
        from stepwell.care.measures import disclosed
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.MEASURES, disclosed.measures, seen_with=Permission.SEE_CHART)
