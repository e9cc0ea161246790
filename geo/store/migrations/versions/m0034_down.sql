-- Question: how is the thirty-fourth version taken back?
-- In: the functions that policies ask. Out: the same in SQL, planned by every statement anew.
-- Index used: as before.
CREATE OR REPLACE FUNCTION duty_codes(roles text[] DEFAULT NULL::text[])
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(array_agg(DISTINCT
         CASE
             WHEN (COALESCE(duty.net, 'admin'::text) = ANY (ARRAY['admin'::text, 'grid'::text])) THEN duty.area
             ELSE ((duty.net || ':'::text) || duty.area)
         END), '{}'::text[]) AS "coalesce"
    FROM duty
   WHERE ((duty.party = acting_person()) AND (duty.area IS NOT NULL) AND (duty.valid_from <= CURRENT_DATE) AND ((duty.valid_to IS NULL) OR (duty.valid_to > CURRENT_DATE)) AND ((duty_codes.roles IS NULL) OR (duty.role = ANY (duty_codes.roles))));
END;

CREATE OR REPLACE FUNCTION acting_parties()
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
BEGIN ATOMIC
 WITH RECURSIVE above AS (
          SELECT party.code,
             party.parent
            FROM party
           WHERE (party.code = acting_person())
         UNION
          SELECT p.code,
             p.parent
            FROM (party p
              JOIN above a ON ((p.code = a.parent)))
         )
  SELECT COALESCE(array_agg(above.code), '{}'::text[]) AS "coalesce"
    FROM above;
END;

CREATE OR REPLACE FUNCTION acting_issues()
 RETURNS bigint[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT COALESCE(array_agg(DISTINCT held.issue), '{}'::bigint[]) AS "coalesce"
    FROM ( SELECT task.issue
            FROM task
           WHERE ((task.issue IS NOT NULL) AND (task.party = ANY (( SELECT acting_parties() AS acting_parties)::text[])))
         UNION ALL
          SELECT task.issue
            FROM task
           WHERE ((task.issue IS NOT NULL) AND (task.passed_on <> '{}'::text[]) AND (task.passed_on && ( SELECT acting_parties() AS acting_parties)))) held;
END;

CREATE OR REPLACE FUNCTION acting_holds(which bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM task
           WHERE ((task.issue = acting_holds.which) AND (task.party = ANY (acting_parties()))))) AS "exists";
END;

CREATE OR REPLACE FUNCTION acting_sees(which bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM issue i
           WHERE ((i.id = acting_sees.which) AND ((i.received_by = acting_person()) OR (i.path && duty_codes()) OR acting_holds(acting_sees.which) OR (EXISTS ( SELECT
                    FROM task
                   WHERE ((task.issue = acting_sees.which) AND (task.passed_on && acting_parties())))) OR ((i.path = '{}'::text[]) AND (cardinality(duty_codes('{dispatcher}'::text[])) > 0)))))) AS "exists";
END;

CREATE OR REPLACE FUNCTION sent_by_rule(which bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM (issue i
              JOIN service s ON ((s.code = i.service)))
           WHERE ((i.id = sent_by_rule.which) AND (i.received_by = acting_person()) AND (i.received_at = now()) AND s.auto_send))) AS "exists";
END;
