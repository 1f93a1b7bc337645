"""What a chart says in words before it shows it: how craving has moved since day 1, and what stands out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

#: Answers at each end that are taken together, so that one day does not tell the story.
AT_EACH_END = 3
FEWEST_ANSWERS = 4
HIGH = 3

STRENGTHS = (
    gettext_lazy("none"),
    gettext_lazy("a little"),
    gettext_lazy("some"),
    gettext_lazy("strong"),
    gettext_lazy("very strong"),
)


@dataclass(frozen=True)
class Answer:
    on: date
    craving: int
    used: bool | None = None


@dataclass(frozen=True)
class Since:
    """`headline` is the strong part; `more` follows it. Together they say what the picture shows."""

    headline: str
    more: str

    @property
    def whole(self) -> str:
        return f"{self.headline} {self.more}".strip()


def since_day_one(
    answers: Sequence[Answer], *, missed: Iterable[date], admitted_on: date, today: date
) -> Since:
    """Answers in the order of their days."""
    return Since(_headline(answers, today), " ".join((*_peak(answers, today), *_missed(missed, admitted_on))))


def _headline(answers: Sequence[Answer], today: date) -> str:
    if not answers:
        return _("No check-in yet.")
    if len(answers) < FEWEST_ANSWERS:
        last = answers[-1]
        return _("Craving %(now)s on %(day)s; too few check-ins to see a trend.") % {
            "now": STRENGTHS[last.craving],
            "day": date_format(last.on, "M j"),
        }
    n = min(AT_EACH_END, len(answers) // 2)
    first, now = _middle(answers[:n]), _middle(answers[-n:])
    weeks = max(round((answers[-1].on - answers[0].on).days / 7), 1)
    words = {"first": STRENGTHS[first], "now": STRENGTHS[now], "time": _weeks(weeks)}
    if now < first:
        return _("Craving is down from %(first)s to %(now)s in %(time)s.") % words
    if now > first:
        return _("Craving is up from %(first)s to %(now)s in %(time)s.") % words
    return _("Craving is unchanged at %(now)s over %(time)s.") % words


def _peak(answers: Sequence[Answer], today: date) -> list[str]:
    """A hard day of the last week that has passed, and any day on which the person said they used."""
    said = []
    week = [answer for answer in answers if (today - answer.on).days < 7]
    if len(week) > 1:
        hard = max(week[:-1], key=lambda answer: (answer.craving, answer.on))
        if hard.craving >= HIGH and hard.craving - week[-1].craving >= 2:
            said.append(
                _("%(day)s was %(strength)s, and it passed.")
                % {"day": date_format(hard.on, "l"), "strength": STRENGTHS[hard.craving]}
            )
    used = [answer for answer in answers if answer.used]
    if used:
        said.append(
            ngettext(
                "Use on %(n)s day, the last on %(day)s.", "Use on %(n)s days, the last on %(day)s.", len(used)
            )
            % {"n": len(used), "day": date_format(used[-1].on, "M j")}
        )
    return said


def _missed(missed: Iterable[date], admitted_on: date) -> list[str]:
    days = sorted(missed)
    if not days:
        return []
    weeks = {(day - admitted_on).days // 7 + 1 for day in days}
    count = ngettext("%(n)s missed group", "%(n)s missed groups", len(days)) % {"n": len(days)}
    if len(weeks) == 1 and len(days) > 1:
        both = _("both") if len(days) == 2 else _("all")
        return [
            _("%(count)s, %(both)s in week %(week)s.") % {"count": count, "both": both, "week": weeks.pop()}
        ]
    if len(days) == 1:
        return [_("%(count)s, in week %(week)s.") % {"count": count, "week": weeks.pop()}]
    return [_("%(count)s, the last on %(day)s.") % {"count": count, "day": date_format(days[-1], "M j")}]


def _middle(answers: Sequence[Answer]) -> int:
    values = sorted(answer.craving for answer in answers)
    return values[(len(values) - 1) // 2]


def _weeks(count: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", count) % {"n": count}
