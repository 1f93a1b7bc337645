"""The answers as they ride in the page: signed, so that what comes back is what was given; for a day and no longer."""

from datetime import timedelta

from django.core import signing

from stepwell.care.intake.check.rules import VERSION, Answers, read
from stepwell.ground.kit import clock

SALT = "stepwell.public.check"
#: Long enough for somebody who is called away, and for slow readers (WCAG 2.2.1 asks for 20 hours).
LASTS = timedelta(hours=24)
LONGEST = 2_000


def sealed(answers: Answers) -> str:
    said = {asked.value: sorted(chosen) for asked, chosen in answers.items()}
    return signing.dumps({"v": VERSION, "at": clock.now().timestamp(), "said": said}, salt=SALT)


def opened(text: str) -> Answers | None:
    """None when it was changed, is too old, or is not ours."""
    if not text or len(text) > LONGEST:
        return None
    try:
        told = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    age = clock.now().timestamp() - told["at"]
    if told["v"] != VERSION or age > LASTS.total_seconds():
        return None
    return read(told["said"])
