from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    name = "stepwell.care.episodes"

    def ready(self) -> None:
        from stepwell.care.episodes import disclosed
        from stepwell.trust.access import Permission
        from stepwell.trust.consent.rules.vocabulary import Segment
        from stepwell.trust.consent.segments import supply

        supply(Segment.EPISODE, disclosed.episodes, seen_with=Permission.SEE_CHART)
        from stepwell.care.episodes import telling
        from stepwell.trust.setup import registry

        registry.tell_who_is_in_care(telling.people_in_care)
