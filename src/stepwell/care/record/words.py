"""How the screens say the criteria, the disorders and how severe they are. The words are ours."""

from django.utils.translation import gettext_lazy as _

from stepwell.care.record.rules.use_disorder import Criterion, Remission, Severity, Substance

DISORDERS = {
    Substance.ALCOHOL: _("Alcohol use disorder"),
    Substance.OPIOID: _("Opioid use disorder"),
    Substance.CANNABIS: _("Cannabis use disorder"),
    Substance.SEDATIVE: _("Sedative use disorder"),
    Substance.COCAINE: _("Cocaine use disorder"),
    Substance.STIMULANT: _("Stimulant use disorder, other than cocaine"),
    Substance.HALLUCINOGEN: _("Hallucinogen use disorder"),
    Substance.TOBACCO: _("Tobacco use disorder"),
    Substance.INHALANT: _("Inhalant use disorder"),
    Substance.OTHER: _("Use disorder of another substance"),
}
CRITERIA = {
    Criterion.MORE_THAN_MEANT: _("Took more, or for longer, than they meant to"),
    Criterion.CANNOT_CUT_DOWN: _("Wants to cut down or stop, and it does not work"),
    Criterion.TAKES_TIME: _("Much of the day goes into getting it, using it or recovering"),
    Criterion.CRAVING: _("Strong urges to use"),
    Criterion.DUTIES: _("Falls behind at work, at school or at home because of it"),
    Criterion.TROUBLE_WITH_PEOPLE: _("Goes on although it brings trouble with others"),
    Criterion.GAVE_UP: _("Gave up things that mattered to them"),
    Criterion.RISKY_PLACES: _("Uses where it can get them hurt, such as when driving"),
    Criterion.HARMS_HEALTH: _("Goes on knowing that it harms body or mind"),
    Criterion.TOLERANCE: _("Needs more for the same effect"),
    Criterion.WITHDRAWAL: _("Feels ill without it, or uses so as not to feel ill"),
}
SEVERITIES = {
    Severity.MILD: _("mild"),
    Severity.MODERATE: _("moderate"),
    Severity.SEVERE: _("severe"),
}
REMISSIONS = {
    Remission.EARLY: _("in early remission"),
    Remission.SUSTAINED: _("in sustained remission"),
}
