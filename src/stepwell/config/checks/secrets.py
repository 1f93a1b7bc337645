"""No key, token or password stands in the repository: neither one of a known form, nor one that looks like chance.

Lock files hold hashes by the thousand and are made by a machine, so they are not looked through.
"""

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

KNOWN = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b"),
    "a token of GitLab": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a key of Stripe": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}\b"),
    "a key of Twilio": re.compile(r"\b(?:AC|SK)[0-9a-f]{32}\b"),
    "a token of PyPI": re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}\b"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b"),
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+]*://[^\s:/@{}<>$%\"']+:[^\s:/@{}<>$%\"'.]{6,}@[\w.-]+"
    ),
}
#: A value by chance: long, of letters of both sizes and digits, and with little that comes twice.
BY_CHANCE = re.compile(r"(?<![\w/+=.-])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w/+=.-])")
ENTROPY = 4.2
NOT_LOOKED_THROUGH = {".lock", ".png", ".jpg", ".ico", ".woff2", ".po", ".mo"}
MADE_UP = "not a secret"


def faults(root: Path) -> Iterator[str]:
    """Every line of a file that git keeps, or would keep, that holds something like a secret."""
    for name in _files(root):
        path = root / name
        if path.suffix in NOT_LOOKED_THROUGH or not path.is_file():
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            if MADE_UP in line:
                continue  # Said to be made up, beside it, where whoever reads the change reads it too.
            yield from (f"{name}:{number}: {what}" for what in found_in(line))


def found_in(line: str) -> Iterator[str]:
    """What in that line is, or looks like, a secret. The secret itself is not said again."""
    for what, form in KNOWN.items():
        if form.search(line):
            yield what
    for found in BY_CHANCE.findall(line):
        if looks_like_chance(found):
            yield f"{len(found)} characters that look like a secret made by chance"


def looks_like_chance(text: str) -> bool:
    has = [any(test(letter) for letter in text) for test in (str.isupper, str.islower, str.isdigit)]
    return all(has) and entropy(text) >= ENTROPY


def entropy(text: str) -> float:
    """Bits a character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _files(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name]
