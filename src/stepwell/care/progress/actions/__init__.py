"""What is done about where somebody stands: a step up or down, and a need that is set aside."""

from stepwell.care.progress.actions.aside import bring_back, set_aside
from stepwell.care.progress.actions.steps import Step, refuse_unless_possible, standing_of, take_step

__all__ = ["Step", "bring_back", "refuse_unless_possible", "set_aside", "standing_of", "take_step"]
