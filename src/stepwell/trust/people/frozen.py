"""Nothing signed changes: the database refuses it, whoever asks."""

import pgtrigger


def frozen(name: str, *columns: str, once: str) -> pgtrigger.Trigger:
    """A trigger that refuses a change to these columns of a row, once the SQL condition on OLD holds for it."""
    before = ", ".join(f"OLD.{column}" for column in columns)
    after = ", ".join(f"NEW.{column}" for column in columns)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"(({once}) AND ROW({before}) IS DISTINCT FROM ROW({after}))"),
        func=f"RAISE EXCEPTION '{name}: what is signed does not change' USING ERRCODE = 'check_violation';",
    )
