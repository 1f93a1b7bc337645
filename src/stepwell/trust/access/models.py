"""What is counted of how often somebody asks."""

from django.db import models


class Pace(models.Model):
    """How often one asker has asked for one kind of thing in this window. Names nobody: the key is a keyed hash."""

    outside_the_wall = True

    key = models.CharField(primary_key=True, max_length=80)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key
