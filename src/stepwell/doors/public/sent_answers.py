"""Answers of the private check on their way into a booking: signed by us, carried by the person's own form.

The check's result page puts ``pack(...)`` into a hidden field called ``answers`` of the form that begins a booking. The
booking page then asks; only where the person ticks ``send_answers`` are they stored, with the referral. They are kept
nowhere before, and stand in the body of a form, never in an address.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.core import signing

from stepwell.care.intake.visitors import Sent

FIELD = "answers"
TICK = "send_answers"
SALT = "stepwell.public.sent_answers"
#: Longer than anybody takes to book, and far shorter than a form that was left open is of use.
LASTS = timedelta(hours=3)
MOST, LONGEST, LONGEST_PACKED = 40, 300, 16_000


def pack(answers: Sequence[tuple[str, str]], *, source: str, result: str = "") -> str:
    """Each question with its answer, as the person read them; which check it was; what it answered."""
    short = [[question[:LONGEST], answer[:LONGEST]] for question, answer in answers[:MOST]]
    return signing.dumps(
        {"answers": short, "source": source[:120], "result": result[:300]}, salt=SALT, compress=True
    )


def unpack(packed: str) -> Sent | None:
    """What was packed here, lately; nothing for anything else."""
    if not packed or len(packed) > LONGEST_PACKED:
        return None
    try:
        told = signing.loads(packed, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    pairs = [(question, answer) for question, answer in told["answers"]]
    return Sent(told["source"], pairs, told["result"]) if pairs else None
