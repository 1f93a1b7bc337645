"""How an action says no: with a sentence for the person who asked."""


class Refused(Exception):
    """The act was not done, and nothing was changed.

    ``because`` is a whole sentence, ready for the screen; ``field`` is the form field it stands beside, if one.
    """

    def __init__(self, because: str, *, field: str | None = None) -> None:
        super().__init__(because)
        self.because = because
        self.field = field


class ChangedMeanwhile(Refused):
    """Somebody else saved first. What was typed must be shown again beside what is there now."""
