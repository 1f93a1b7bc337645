"""People found as somebody types: their own people first, slips of the pen forgiven, former names, ends of numbers.

Each function looks past the wall of row-level security, as those of 0004 do and for the same reason, and asks the same
setting. It is told at which centers the reader may see who is there, and looks at nobody else.
"""

from django.db import migrations

_NAME = "stepwell_plain(p.first_name || ' ' || p.last_name || ' ' || p.chosen_name)"

# A record that was merged into another is found by the name it had: the caller shows the one that is left.
# `own` are those the reader looks after; they come before the limit cuts.
_CALLED = """
DROP FUNCTION stepwell_people_called(text, text[], integer);
CREATE FUNCTION stepwell_people_called(
    longest text, or_at_first text, others text[], centers uuid[], own uuid[], most integer
) RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    WITH here AS (SELECT NULLIF(current_setting('stepwell.organization', true), '')::uuid AS organization)
    SELECT named.id FROM here, (
        SELECT p.id, p.organization_id, p.center_id, p.last_name, p.first_name, ' ' || NAME_OF_P AS plain
        FROM people_patient p WHERE NAME_OF_P LIKE longest OR NAME_OF_P LIKE or_at_first
        OFFSET 0
    ) AS named
    WHERE named.organization_id = here.organization AND (centers IS NULL OR named.center_id = ANY (centers))
        AND named.plain LIKE ALL (others)
    ORDER BY named.id = ANY (own) DESC, named.last_name, named.first_name, named.id
    LIMIT most
$$;
"""

# 0.25 lets Mya find Maya (0.29) and Jonh find John (0.4); what is too far off is sorted out by the rules, who know names.
_SOUNDING = """
CREATE FUNCTION stepwell_people_sounding(word text, centers uuid[], own uuid[], most integer)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET pg_trgm.word_similarity_threshold = 0.25 AS $$
    WITH here AS (SELECT NULLIF(current_setting('stepwell.organization', true), '')::uuid AS organization)
    SELECT named.id FROM here, (
        SELECT p.id, p.organization_id, p.center_id, word_similarity(word, NAME_OF_P) AS likeness
        FROM people_patient p WHERE word <% NAME_OF_P
        OFFSET 0
    ) AS named
    WHERE named.organization_id = here.organization AND (centers IS NULL OR named.center_id = ANY (centers))
    ORDER BY named.id = ANY (own) DESC, named.likeness DESC, named.id
    LIMIT most
$$;
"""

_REACHED = """
CREATE INDEX people_patient_end_of_phone ON people_patient (organization_id, reverse(phone) text_pattern_ops)
    WHERE phone <> '';
CREATE FUNCTION stepwell_people_reached(ending text, centers uuid[], most integer)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    SELECT p.id FROM people_patient p
    WHERE p.organization_id = NULLIF(current_setting('stepwell.organization', true), '')::uuid
        AND (centers IS NULL OR p.center_id = ANY (centers)) AND p.phone <> '' AND p.merged_into_id IS NULL
        AND reverse(p.phone) ~>=~ reverse(ending) AND reverse(p.phone) ~<~ (reverse(ending) || ':')
    ORDER BY p.id
    LIMIT most
$$;
"""

_UNMAKE = """
DROP FUNCTION stepwell_people_reached(text, uuid[], integer);
DROP INDEX people_patient_end_of_phone;
DROP FUNCTION stepwell_people_sounding(text, uuid[], uuid[], integer);
DROP FUNCTION stepwell_people_called(text, text, text[], uuid[], uuid[], integer);
CREATE FUNCTION stepwell_people_called(longest text, others text[], most integer)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
    WITH here AS (SELECT NULLIF(current_setting('stepwell.organization', true), '')::uuid AS organization)
    SELECT named.id FROM here, (
        SELECT p.id, p.organization_id, p.merged_into_id, p.last_name, p.first_name,
            stepwell_plain(p.first_name || ' ' || p.last_name || ' ' || p.chosen_name) AS plain
        FROM people_patient p
        WHERE stepwell_plain(p.first_name || ' ' || p.last_name || ' ' || p.chosen_name) LIKE longest
        OFFSET 0
    ) AS named
    WHERE named.organization_id = here.organization AND named.merged_into_id IS NULL
        AND named.plain LIKE ALL (others)
    ORDER BY named.last_name, named.first_name
    LIMIT most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0006_offers_of_sign_ins")]

    operations = [migrations.RunSQL((_CALLED + _SOUNDING + _REACHED).replace("NAME_OF_P", _NAME), _UNMAKE)]
