from django.apps import AppConfig


class MedicationConfig(AppConfig):
    name = "stepwell.care.medication"

    def ready(self) -> None:
        from stepwell.care.measures.happened import tell_what_happened
        from stepwell.care.medication import disclosed, first_doses
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.MEDICATION, disclosed.medication, seen_with=Permission.SEE_MEDICATION)
        supply(Segment.DRUG_TESTS, disclosed.drug_tests, seen_with=Permission.SEE_MEDICATION)
        tell_what_happened(first_doses.first_doses)
