-- A job that runs every second has run.
SELECT cron.schedule('tried', '1 seconds', 'CREATE TABLE IF NOT EXISTS public.made_by_the_job ()') > 0;
DO $$
BEGIN
    FOR tries IN 1 .. 300 LOOP
        EXIT WHEN EXISTS (SELECT FROM cron.job_run_details JOIN cron.job USING (jobid)
            WHERE jobname = 'tried' AND status = 'succeeded');
        PERFORM pg_sleep(0.1);
    END LOOP;
END
$$;
SELECT cron.unschedule('tried');
SELECT DISTINCT status, return_message FROM cron.job_run_details WHERE command LIKE '%made_by_the_job%' AND status = 'succeeded';
SELECT to_regclass('public.made_by_the_job');
DROP TABLE public.made_by_the_job;
