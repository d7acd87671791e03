-- The one schema of PacAI Workbench: roles, tables, the append-only audit log.  PostgreSQL 15 to 18.
--
--   createdb -O pacai pacai_v4 && psql pacai_v4 -U pacai < schema.sql
--
-- Plain SQL in one transaction; applying it again changes nothing.  Applied by a superuser (the embedded
-- server is set up so), the tables belong to pacai_owner, which nobody logs in as, and the application
-- logs in as pacai, which may append to the log and never change it.  Applied by an ordinary owner
-- (the line above), that role owns the tables: triggers and constraints hold, but their owner could
-- switch them off.  Only the hash chain and the checkpoints kept outside convince against an owner.

BEGIN;

SET LOCAL client_min_messages = warning;
SELECT pg_advisory_xact_lock(7219840310551000001);

-- ---------------------------------------------------------------- roles

DO $$
DECLARE
    me pg_roles%ROWTYPE;
    former_owner name;
BEGIN
    SELECT * INTO me FROM pg_roles WHERE rolname = current_user;
    IF current_setting('server_version_num')::int < 150000 THEN
        RAISE EXCEPTION 'PostgreSQL 15 or newer is needed, this is %', current_setting('server_version');
    END IF;
    IF me.rolsuper OR me.rolcreaterole THEN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pacai_owner') THEN
            CREATE ROLE pacai_owner NOLOGIN;
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pacai') THEN
            CREATE ROLE pacai LOGIN;
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pacai_auditor') THEN
            CREATE ROLE pacai_auditor NOLOGIN;
        END IF;
    END IF;
    IF me.rolsuper THEN
        GRANT USAGE, CREATE ON SCHEMA public TO pacai_owner;
        GRANT USAGE ON SCHEMA public TO pacai, pacai_auditor;
        -- declared for cross-checks by an administrator; nothing of ours hands it a key or a text
        IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgcrypto') THEN
            CREATE EXTENSION IF NOT EXISTS pgcrypto;
        END IF;
        SET LOCAL ROLE pacai_owner;
    END IF;
    SELECT tableowner INTO former_owner FROM pg_tables WHERE schemaname = 'public' AND tablename = 'audit_events';
    IF former_owner IS NOT NULL AND NOT pg_has_role(current_user, former_owner, 'MEMBER') THEN
        RAISE EXCEPTION 'the schema is in place and belongs to role %; role % has nothing to do here',
            former_owner, current_user
            USING HINT = 'apply a newer schema as a superuser or as ' || former_owner;
    END IF;
    IF former_owner IS NULL AND NOT has_schema_privilege(current_user, 'public', 'CREATE') THEN
        RAISE EXCEPTION 'role % may not create tables in database %', current_user, current_database()
            USING HINT = format('run as a superuser: ALTER DATABASE %I OWNER TO %I', current_database(), current_user);
    END IF;
END
$$;

-- ---------------------------------------------------------------- version

CREATE TABLE IF NOT EXISTS public.schema_version (
    version    integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text NOT NULL DEFAULT session_user
);

-- ---------------------------------------------------------------- the audit log

CREATE TABLE IF NOT EXISTS public.audit_events (
    seq                bigint PRIMARY KEY CHECK (seq > 0),
    "time"             timestamptz NOT NULL,
    tick_ns            bigint NOT NULL,
    node               text NOT NULL,
    action             text NOT NULL,
    outcome            text NOT NULL,
    actor              text NOT NULL,
    role               text NOT NULL,
    certificate_serial text,
    project            text,
    object             text,
    request_id         text,
    body               bytea NOT NULL,
    prev_hash          bytea NOT NULL UNIQUE CHECK (octet_length(prev_hash) = 32),
    hash               bytea NOT NULL,
    CONSTRAINT audit_events_sealed CHECK (hash = sha256(prev_hash || body))
);

COMMENT ON TABLE public.audit_events IS
    'Append-only. body is the canonical JSON of the event, hash = SHA-256(prev_hash || body); the other columns repeat the body.';

-- pglz over 400-byte JSON costs more than it saves, and the auditor reads bodies often
ALTER TABLE public.audit_events ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE INDEX IF NOT EXISTS audit_events_time ON public.audit_events USING brin ("time");
CREATE INDEX IF NOT EXISTS audit_events_actor ON public.audit_events (actor, seq);
CREATE INDEX IF NOT EXISTS audit_events_action ON public.audit_events (action, seq);
CREATE INDEX IF NOT EXISTS audit_events_project ON public.audit_events (project, seq) WHERE project IS NOT NULL;

CREATE OR REPLACE FUNCTION public.audit_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the record is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE OR REPLACE TRIGGER audit_events_no_change
    BEFORE UPDATE OR DELETE ON public.audit_events
    FOR EACH ROW EXECUTE FUNCTION public.audit_refuse_change();
CREATE OR REPLACE TRIGGER audit_events_no_truncate
    BEFORE TRUNCATE ON public.audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change();
-- ALWAYS: also under session_replication_role = replica
ALTER TABLE public.audit_events ENABLE ALWAYS TRIGGER audit_events_no_change;
ALTER TABLE public.audit_events ENABLE ALWAYS TRIGGER audit_events_no_truncate;

-- The head, under the lock that every writer holds until it commits.  Called as a statement of its own:
-- the row is read by a snapshot taken after the lock was got.
CREATE OR REPLACE FUNCTION public.audit_lock_head(OUT seq bigint, OUT hash bytea)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7219840310551000002);
    SELECT e.seq, e.hash INTO seq, hash FROM public.audit_events e ORDER BY e.seq DESC LIMIT 1;
    IF seq IS NULL THEN
        seq := 0;
        hash := decode(repeat('00', 32), 'hex');
    END IF;
END
$$;

-- Append a batch.  The arrays run in step, one element per event; hashes are checked by the table's
-- constraint and the links here, so a caller with a wrong head or a wrong link writes nothing.
CREATE OR REPLACE FUNCTION public.audit_append(
    first_seq bigint, times timestamptz[], ticks bigint[], nodes text[], actions text[], outcomes text[],
    actors text[], roles text[], serials text[], projects text[], objects text[], requests text[],
    bodies bytea[], prev_hashes bytea[], hashes bytea[]
) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    head record;
    count integer := cardinality(hashes);
BEGIN
    SELECT h.seq, h.hash INTO head FROM public.audit_lock_head() h;
    IF first_seq <> head.seq + 1 THEN
        RAISE EXCEPTION 'event % cannot be appended: the log ends at event %', first_seq, head.seq
            USING ERRCODE = 'serialization_failure';
    END IF;
    IF count IS NULL OR count = 0 OR prev_hashes[1] <> head.hash OR prev_hashes[2:count] <> hashes[1:count - 1] THEN
        RAISE EXCEPTION 'the events do not follow from event %', head.seq
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO public.audit_events (seq, "time", tick_ns, node, action, outcome, actor, role,
                                     certificate_serial, project, object, request_id, body, prev_hash, hash)
    SELECT first_seq + e.place - 1, e."time", e.tick, e.node, e.action, e.outcome, e.actor, e.role,
           e.serial, e.project, e.object, e.request, e.body, e.prev_hash, e.hash
    FROM unnest(times, ticks, nodes, actions, outcomes, actors, roles, serials, projects, objects, requests,
                bodies, prev_hashes, hashes)
         WITH ORDINALITY AS e("time", tick, node, action, outcome, actor, role, serial, project, object, request,
                              body, prev_hash, hash, place);
    PERFORM pg_notify('pacai_audit', (first_seq + count - 1)::text);
END
$$;

-- The event that the running work belongs to.  The writer sets it; outside of an event there is none, so
-- a change that nothing records fails here, and a wrong number fails at commit by its foreign key.
CREATE OR REPLACE FUNCTION public.audit_current_event() RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    seq text := current_setting('pacai.event_seq', true);
BEGIN
    IF seq IS NULL OR seq = '' THEN
        RAISE EXCEPTION 'a change is made only as the work of an audit event'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN seq::bigint;
END
$$;

CREATE TABLE IF NOT EXISTS public.checkpoints (
    size      bigint PRIMARY KEY CHECK (size > 0),
    root      bytea NOT NULL CHECK (octet_length(root) = 32),
    note      text NOT NULL,
    frontier  bytea NOT NULL,
    event_seq bigint NOT NULL DEFAULT public.audit_current_event()
              REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED
);

COMMENT ON TABLE public.checkpoints IS
    'Signed heads of the Merkle tree over the event bodies: note is a C2SP checkpoint, frontier the right edge of the tree.';

CREATE OR REPLACE TRIGGER checkpoints_no_change
    BEFORE UPDATE OR DELETE ON public.checkpoints
    FOR EACH ROW EXECUTE FUNCTION public.audit_refuse_change();
CREATE OR REPLACE TRIGGER checkpoints_no_truncate
    BEFORE TRUNCATE ON public.checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change();
ALTER TABLE public.checkpoints ENABLE ALWAYS TRIGGER checkpoints_no_change;
ALTER TABLE public.checkpoints ENABLE ALWAYS TRIGGER checkpoints_no_truncate;

-- ---------------------------------------------------------------- projects and scenarios

CREATE TABLE IF NOT EXISTS public.projects (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name       text NOT NULL UNIQUE CHECK (char_length(name) BETWEEN 1 AND 120),
    owner      text NOT NULL,
    created_at timestamptz NOT NULL,
    event_seq  bigint NOT NULL DEFAULT public.audit_current_event()
               REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE IF NOT EXISTS public.scenarios (
    id         text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    project    text NOT NULL REFERENCES public.projects (id),
    title      text NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    event_seq  bigint NOT NULL DEFAULT public.audit_current_event()
               REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX IF NOT EXISTS scenarios_project ON public.scenarios (project, event_seq);

CREATE TABLE IF NOT EXISTS public.scenario_versions (
    scenario   text NOT NULL REFERENCES public.scenarios (id),
    version    integer NOT NULL CHECK (version > 0),
    digest     text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
    document   bytea NOT NULL,
    recipe     bytea NOT NULL,
    reading    bytea NOT NULL,
    findings   bytea NOT NULL,
    author     text NOT NULL,
    created_at timestamptz NOT NULL,
    event_seq  bigint NOT NULL DEFAULT public.audit_current_event()
               REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (scenario, version)
);

COMMENT ON TABLE public.scenario_versions IS
    'Immutable. document is the canonical JSON of the scenario and digest its SHA-256; recipe, reading and findings are canonical JSON.';

CREATE INDEX IF NOT EXISTS scenario_versions_digest ON public.scenario_versions (digest);

-- ---------------------------------------------------------------- packages

CREATE TABLE IF NOT EXISTS public.packages (
    id               text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    scenario         text NOT NULL,
    version          integer NOT NULL,
    target           text NOT NULL,
    archive          text NOT NULL CHECK (archive ~ '^[0-9a-f]{64}$'),
    manifest         text NOT NULL CHECK (manifest ~ '^[0-9a-f]{64}$'),
    size_bytes       bigint NOT NULL CHECK (size_bytes >= 0),
    signer_kind      text NOT NULL,
    signer_key       text NOT NULL,
    signer_serial    text NOT NULL,
    signer_algorithm text NOT NULL,
    signer_key_id    integer NOT NULL,
    evaluation       boolean NOT NULL,
    created_by       text NOT NULL,
    created_at       timestamptz NOT NULL,
    event_seq        bigint NOT NULL DEFAULT public.audit_current_event()
                     REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (scenario, version) REFERENCES public.scenario_versions (scenario, version)
);

COMMENT ON TABLE public.packages IS
    'Signed packages. archive and manifest are SHA-256 of objects in the object store.';

CREATE INDEX IF NOT EXISTS packages_scenario ON public.packages (scenario, version);

-- ---------------------------------------------------------------- tokens

CREATE TABLE IF NOT EXISTS public.api_tokens (
    id          text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    token_hash  bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    username    text NOT NULL,
    roles       text[] NOT NULL,
    label       text NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    revoked_at  timestamptz,
    event_seq   bigint NOT NULL DEFAULT public.audit_current_event()
                REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED,
    revoked_seq bigint REFERENCES public.audit_events (seq) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((revoked_at IS NULL) = (revoked_seq IS NULL))
);

COMMENT ON TABLE public.api_tokens IS 'Tokens are kept as SHA-256 of their text; the text is shown once.';

-- ---------------------------------------------------------------- who may what

REVOKE EXECUTE ON FUNCTION public.audit_lock_head() FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION public.audit_append(
    bigint, timestamptz[], bigint[], text[], text[], text[], text[], text[], text[], text[], text[], text[],
    bytea[], bytea[], bytea[]) FROM PUBLIC;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pacai') AND current_user <> 'pacai' THEN
        GRANT SELECT ON public.schema_version, public.audit_events TO pacai;
        GRANT EXECUTE ON FUNCTION public.audit_lock_head() TO pacai;
        GRANT EXECUTE ON FUNCTION public.audit_append(
            bigint, timestamptz[], bigint[], text[], text[], text[], text[], text[], text[], text[], text[],
            text[], bytea[], bytea[], bytea[]) TO pacai;
        GRANT SELECT, INSERT ON public.checkpoints, public.projects, public.scenarios,
            public.scenario_versions, public.packages, public.api_tokens TO pacai;
        GRANT UPDATE (name) ON public.projects TO pacai;
        GRANT UPDATE (title) ON public.scenarios TO pacai;
        GRANT UPDATE (revoked_at, revoked_seq) ON public.api_tokens TO pacai;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pacai_auditor') THEN
        GRANT SELECT ON public.schema_version, public.audit_events, public.checkpoints TO pacai_auditor;
    END IF;
END
$$;

INSERT INTO public.schema_version (version) VALUES (1) ON CONFLICT DO NOTHING;

COMMIT;
