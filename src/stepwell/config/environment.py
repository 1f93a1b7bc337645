"""Reading settings that are more than words. A wrong one is as if it were not there: ``config.safety`` names it."""

from collections.abc import Mapping
from pathlib import Path

ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
MAIL_ENCRYPTIONS = ("starttls", "wrapped", "none")


def number(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else usual


def files_folder(environment: Mapping[str, str], root: Path) -> Path:
    """Where scans lie."""
    return Path(environment.get("STEPWELL_FILES_DIR") or root / "var" / "files")


def mail_encryption(environment: Mapping[str, str]) -> str:
    """How e-mail is encrypted on its way out: as asked for, or else always, but for this machine's own server."""
    asked = environment.get("STEPWELL_SMTP_TLS", "")
    if asked in MAIL_ENCRYPTIONS:
        return asked
    return "starttls" if environment.get("STEPWELL_SMTP_HOST") else "none"
