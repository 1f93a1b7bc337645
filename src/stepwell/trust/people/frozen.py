"""Nothing signed changes: the database refuses it, whoever asks.

One thing may happen to a signed row: two records turn out to be of one person, and it goes over to the other,
or back again. A trigger that guards a row lets exactly that pass, and nothing else with it.
"""

import pgtrigger

#: To stand first in the function of a trigger that guards a row with a patient. The setting names a merge that is
#: written down; a value may change only from the one of its two patients to the other.
LETS_CHANGE_HANDS = "IF stepwell_only_changes_hands(to_jsonb(OLD), to_jsonb(NEW)) THEN RETURN NEW; END IF;"

#: Made by a migration of this room, before any trigger that asks it.
CHANGES_HANDS = """
CREATE OR REPLACE FUNCTION stepwell_only_changes_hands(before jsonb, after jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
    one text;
    other text;
BEGIN
    IF before IS NULL OR after IS NULL OR COALESCE(current_setting('stepwell.merge', true), '') = '' THEN
        RETURN false;
    END IF;
    SELECT survivor_id::text, merged_id::text INTO one, other
        FROM people_recordmerge WHERE id = current_setting('stepwell.merge')::uuid;
    RETURN one IS NOT NULL AND NOT EXISTS (
        SELECT FROM jsonb_each_text(before) AS old JOIN jsonb_each_text(after) AS new USING (key)
        WHERE old.value IS DISTINCT FROM new.value
            AND (old.value, new.value) IS DISTINCT FROM (one, other)
            AND (old.value, new.value) IS DISTINCT FROM (other, one)
    );
END $$
"""


def frozen(name: str, *columns: str, once: str) -> pgtrigger.Trigger:
    """A trigger that refuses a change to these columns of a row, once the SQL condition on OLD holds for it."""
    before = ", ".join(f"OLD.{column}" for column in columns)
    after = ", ".join(f"NEW.{column}" for column in columns)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"(({once}) AND ROW({before}) IS DISTINCT FROM ROW({after}))"),
        func=(
            f"{LETS_CHANGE_HANDS} RAISE EXCEPTION '{name}: what is signed does not change'"
            " USING ERRCODE = 'check_violation';"
        ),
    )
