"""Telephone numbers: typed in any way, kept as E.164, shown as they are dialed here."""

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat


def read(typed: str) -> phonenumbers.PhoneNumber | None:
    """A number of the United States, unless it begins with a +; None for what cannot be one."""
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


def e164(number: phonenumbers.PhoneNumber) -> str:
    """`+19375550100`."""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def as_printed(number: str) -> str:
    """`(937) 555-0100`, another country's with its code; what is no number stays as it was written."""
    known = read(number)
    if known is None:
        return number
    form = PhoneNumberFormat.NATIONAL if known.country_code == 1 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(known, form)


def to_dial(number: str) -> str:
    """What a link dials: `+19375550100`; of what is no number, its digits."""
    known = read(number)
    return re.sub(r"[^\d+]", "", number) if known is None else e164(known)
