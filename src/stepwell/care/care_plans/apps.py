from django.apps import AppConfig


class CarePlansConfig(AppConfig):
    name = "stepwell.care.care_plans"

    def ready(self) -> None:
        from stepwell.care.care_plans import disclosed, signed_plans
        from stepwell.care.measures.happened import tell_what_happened
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.PLAN, disclosed.plan, seen_with=Permission.SEE_CHART)
        tell_what_happened(signed_plans.signed_plans)
