"""Who may do what, decided once: a table of permission, role and relation, and query sets that obey it."""

from stepwell.trust.access.gate import Forbidden, may, require
from stepwell.trust.access.rules import Permission, Relation
from stepwell.trust.access.sights import Sight, sight
from stepwell.trust.access.visibility import VisibleTo

__all__ = ["Forbidden", "Permission", "Relation", "Sight", "VisibleTo", "may", "require", "sight"]
