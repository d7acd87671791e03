"""The installation's HSM as its users meet it: real processes, killed, shared, found and stopped."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from server_ext.hsm import AUDIT_KEY_ID, HsmService, SignerKind, commands
from server_ext.hsm.connection import probe
from server_ext.hsm.emulator import Connector, MemoryVault, SoftwareDevice
from server_ext.settings import Settings
from workbench import sshsig
from workbench.errors import ConflictError, InputError, SignerUnavailableError


def pid_of(settings: Settings) -> int:
    import json

    return int(json.loads((settings.run / "softhsm.json").read_text())["pid"])


def emulators_of(settings: Settings) -> list[int]:
    """Every process that runs on this installation's state."""
    wanted = f"--state={settings.home / 'softhsm'}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in words:
                found.append(int(entry.name))
    return found


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def service(settings: Settings) -> Iterator[HsmService]:
    with HsmService.open(settings) as service:
        yield service


def test_it_starts_signs_and_says_that_it_is_software(service: HsmService) -> None:
    state = service.state()
    assert (state.primary, state.fallback) == ("inactive", "inactive")
    assert state.signer == service.signer().describe()
    assert state.signer is not None
    assert state.signer.kind is SignerKind.SOFTWARE
    assert "SOFTWARE" in state.detail
    assert "fallback: not configured" in state.detail
    assert state.firmware == "2.4.1"
    assert state.log_unread is not None
    assert len(service.signer().sign(b"x")) == 64


def test_releases_and_checkpoints_have_different_keys(service: HsmService) -> None:
    assert service.signer() is service.signer(0x1234)
    keys = {service.signer(key_id).describe().public_key for key_id in (0x1234, AUDIT_KEY_ID)}
    assert len(keys) == 2


def test_what_it_signs_ssh_keygen_verifies(service: HsmService, tmp_path: Path) -> None:
    manifest = tmp_path / "MANIFEST"
    manifest.write_bytes(b"digest  file\n" * 500)
    signer = service.signer()
    public = signer.describe().public_key
    signature = signer.sign(sshsig.signed_data("release@pacai", manifest.read_bytes()))
    (tmp_path / "MANIFEST.sig").write_text(sshsig.armor(public, "release@pacai", signature))
    key = sshsig.SshPublicKey.from_raw(public)
    allowed = sshsig.AllowedSigners((sshsig.AllowedSigner(("lab@site",), key, ("release@pacai",)),))
    (tmp_path / "allowed").write_text(allowed.format())
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "lab@site", "-n", "release@pacai"]
    with manifest.open("rb") as stream:
        done = subprocess.run(
            [*command, "-s", "MANIFEST.sig"], stdin=stream, cwd=tmp_path, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stderr
    assert "Good" in done.stdout


def test_it_stops_with_its_last_user_and_leaves_no_process(settings: Settings) -> None:
    with HsmService.open(settings):
        (pid,) = emulators_of(settings)
        with HsmService.open(settings):
            assert emulators_of(settings) == [pid]
        assert emulators_of(settings) == [pid]
    assert eventually(lambda: emulators_of(settings) == [])


def test_the_first_user_may_leave_before_the_second(settings: Settings) -> None:
    first = HsmService.open(settings)
    with HsmService.open(settings) as second:
        expected = second.signer().sign(b"x")
        first.close()
        time.sleep(0.6)
        assert second.signer().sign(b"x") == expected
        assert len(emulators_of(settings)) == 1
    assert eventually(lambda: emulators_of(settings) == [])


def test_the_keys_are_the_same_after_a_restart(settings: Settings) -> None:
    with HsmService.open(settings) as service:
        before = service.signer().describe()
    with HsmService.open(settings) as service:
        assert service.signer().describe() == before
        assert service.plan() == ()


def test_a_killed_emulator_is_started_again_with_the_same_keys(settings: Settings) -> None:
    with HsmService.open(settings) as service:
        before = service.signer().sign(b"x")
        os.kill(pid_of(settings), signal.SIGKILL)
        assert service.signer().sign(b"x") == before
        assert len(emulators_of(settings)) == 1


def test_a_hung_emulator_is_replaced_and_never_doubled(settings: Settings) -> None:
    with HsmService.open(settings) as service:
        before = service.signer().sign(b"x")
        hung = pid_of(settings)
        os.kill(hung, signal.SIGSTOP)
        with HsmService.open(settings) as another:
            assert another.signer().sign(b"x") == before
            assert pid_of(settings) != hung
            assert len(emulators_of(settings)) == 1


def test_it_dies_with_an_owner_that_was_killed(settings: Settings) -> None:
    code = (
        "import sys, time; from pathlib import Path; from server_ext.settings import Settings\n"
        "from server_ext.hsm import HsmService\n"
        "HsmService.open(Settings.from_environment({'PACAI_HOME': sys.argv[1]}))\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(settings.home)], stdout=subprocess.PIPE)
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        assert len(emulators_of(settings)) == 1
        owner.kill()
    assert eventually(lambda: emulators_of(settings) == [])
    with HsmService.open(settings) as service:
        assert len(service.signer().sign(b"x")) == 64


def test_many_users_starting_at_once_share_one_process(settings: Settings) -> None:
    services: list[HsmService] = []
    failures: list[BaseException] = []

    def start() -> None:
        try:
            services.append(HsmService.open(settings))
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert failures == []
        assert len(emulators_of(settings)) == 1
        assert len({service.signer().describe().public_key for service in services}) == 1
    finally:
        for service in services:
            service.close()


def test_a_lost_passphrase_is_named_and_no_new_keys_are_made(settings: Settings) -> None:
    with HsmService.open(settings):
        pass
    assert eventually(lambda: emulators_of(settings) == [])
    (settings.secrets / "softhsm-passphrase").unlink()
    with pytest.raises(SignerUnavailableError, match="restore it from the backup"):
        HsmService.open(settings)


def test_a_changed_passphrase_is_reported_by_the_process_that_cannot_open(settings: Settings) -> None:
    with HsmService.open(settings):
        pass
    assert eventually(lambda: emulators_of(settings) == [])
    (settings.secrets / "softhsm-passphrase").write_text("another\n")
    with pytest.raises(SignerUnavailableError, match="passphrase is another one"):
        HsmService.open(settings)
    assert emulators_of(settings) == []


def test_nothing_secret_is_written_in_clear(settings: Settings) -> None:
    with HsmService.open(settings) as service:
        service.signer().sign(b"x")
        secrets = [path.read_bytes().strip() for path in settings.secrets.iterdir() if path.stat().st_size]
        written = [path.read_bytes() for folder in ("run", "softhsm") for path in (settings.home / folder).iterdir()]
        assert len(secrets) == 4
        assert not any(secret in data for secret in secrets for data in written)
        words = Path(f"/proc/{pid_of(settings)}/cmdline").read_bytes()
        environment = Path(f"/proc/{pid_of(settings)}/environ").read_bytes()
        assert not any(secret in words + environment for secret in secrets)


def test_a_connector_that_is_gone_is_inactive_with_a_reason(settings: Settings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    with HsmService.open(replace(settings, hsm_url=f"http://127.0.0.1:{port}")) as service:
        state = service.state()
        assert (state.primary, state.signer) == ("inactive", None)
        assert "does not answer" in state.detail
        start = time.monotonic()
        with pytest.raises(SignerUnavailableError):
            service.signer().sign(b"x")
        assert time.monotonic() - start < 1
    assert not settings.home.exists()


def test_the_state_of_a_silent_connector_takes_half_a_second_at_most(settings: Settings) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with HsmService.open(replace(settings, hsm_url=url)) as service:
            for _ in range(3):
                start = time.monotonic()
                assert service.state().primary == "inactive"
                assert time.monotonic() - start < 0.55


def test_a_connector_that_returns_is_used_again(settings: Settings) -> None:
    device = SoftwareDevice.open(MemoryVault())
    with Connector(device) as connector:
        port = connector.port
        service = HsmService.open(replace(settings, hsm_url=connector.url))
        assert "0x1234" in " ".join(service.provision())
        before = service.signer().sign(b"x")
    with service:
        assert service.state().signer is None
        with Connector(device, port=port):
            assert service.signer().sign(b"x") == before
            assert service.state().signer is not None


def test_a_configured_device_that_is_not_provisioned_says_so(settings: Settings) -> None:
    with (
        Connector(SoftwareDevice.open(MemoryVault())) as connector,
        HsmService.open(replace(settings, hsm_url=connector.url)) as service,
    ):
        assert "pacai hsm provision" in service.state().detail


def test_a_url_that_cannot_be_one_is_refused_at_start(settings: Settings) -> None:
    with pytest.raises(InputError, match="HSM_URL"):
        HsmService.open(replace(settings, hsm_url="localhost:12345"))


def test_the_commands_of_the_cli(settings: Settings) -> None:
    with HsmService.open(settings) as service:
        assert commands.provision(settings, dry_run=True) == ()
        assert commands.provision(settings) == ()
        service.signer().sign(b"x")
        assert commands.status(settings).signer == service.state().signer
        log = commands.log(settings)
        assert [entry.command for entry in log.entries[:2]] == ["reset", "boot"]
        assert log.entries[-1].command == "sign eddsa"
        assert all(entry.succeeded for entry in log.entries)
        with pytest.raises(ConflictError, match="already running"):
            commands.emulate(settings, port=0, say=print, stop=threading.Event())


def test_emulate_serves_until_it_is_told_to_stop(settings: Settings) -> None:
    stop, said = threading.Event(), []
    thread = threading.Thread(
        target=commands.emulate, args=(settings,), kwargs={"port": 0, "say": said.append, "stop": stop}
    )
    thread.start()
    assert eventually(lambda: bool(said))
    assert "SOFTWARE" in said[0]
    assert probe(said[0].rsplit(" ", 1)[-1]).kind is SignerKind.SOFTWARE
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def run_emulator(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "server_ext.hsm.emulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_process_explains_in_one_line_why_it_cannot_start(tmp_path: Path) -> None:
    empty, good = tmp_path / "empty", tmp_path / "good"
    empty.write_text("\n")
    good.write_text("passphrase\n")
    state = f"--state={tmp_path / 'state'}"
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        cases = {
            "is empty": (state, "--port=0", f"--passphrase-file={empty}"),
            "cannot be read": (state, "--port=0", f"--passphrase-file={tmp_path / 'none'}"),
            f"port {port}": (state, f"--port={port}", f"--passphrase-file={good}"),
        }
        for expected, arguments in cases.items():
            done = run_emulator(*arguments)
            assert done.returncode == 1
            assert expected in done.stderr
            assert len(done.stderr.splitlines()) == 1


def test_the_process_prints_one_line_and_ends_with_its_parent(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("passphrase\n")
    arguments = [f"--state={tmp_path / 'state'}", "--port=0", f"--passphrase-file={tmp_path / 'passphrase'}"]
    command = [sys.executable, "-m", "server_ext.hsm.emulator", *arguments, f"--parent-pid={os.getpid()}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "SOFTWARE YubiHSM 2 (no hardware)" in process.stdout.readline()
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert process.stdout.read() == ""
    assert run_emulator(*arguments, "--parent-pid=1").returncode == 0
