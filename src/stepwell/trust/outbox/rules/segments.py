"""How many text messages a text takes: one has room for 160 signs of the GSM alphabet, or 70 of any other."""

#: GSM 03.38, the basic alphabet; and what takes two places in it.
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """In how many parts a provider sends it, and asks to be paid for it."""
    if all(sign in GSM or sign in GSM_TWICE for sign in text):
        places = sum(2 if sign in GSM_TWICE else 1 for sign in text)
        return 1 if places <= 160 else -(-places // 153)
    places = len(text.encode("utf-16-le")) // 2
    return 1 if places <= 70 else -(-places // 67)
