from django.apps import AppConfig


class MedicationConfig(AppConfig):
    name = "stepwell.care.medication"

    def ready(self) -> None:
        from stepwell.care.medication import disclosed
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.MEDICATION, disclosed.medication, seen_with=Permission.SEE_MEDICATION)
        supply(Segment.DRUG_TESTS, disclosed.drug_tests, seen_with=Permission.SEE_MEDICATION)
