-- The sample's migrations were applied a moment ago; a team's history has happened over a year. Each row of
-- the ledger moves to the day its name tells, later on staging and production; nothing else in it changes.

SET timezone = 'UTC';

UPDATE "_prisma_migrations" AS ledger
   SET started_at = day, finished_at = day + (finished_at - started_at)
  FROM (SELECT id,
               CASE WHEN migration_name ~ '^\d{14}_' THEN to_timestamp(left(migration_name, 14), 'YYYYMMDDHH24MISS')
                    WHEN migration_name ~ '^\d{8}_' THEN to_timestamp(left(migration_name, 8), 'YYYYMMDD') + interval '9 hours'
                    ELSE timestamptz '2025-12-04 10:12:30' + row_number() OVER (ORDER BY started_at) * interval '1 hour'
                END
               + CASE WHEN current_database() LIKE 'broxiva\_dev%' THEN interval '2 minutes'
                      WHEN current_database() LIKE 'broxiva\_staging%' THEN interval '26 hours'
                      ELSE interval '5 days'
                  END AS day
          FROM "_prisma_migrations") AS moved
 WHERE moved.id = ledger.id;
