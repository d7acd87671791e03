"""Kernels start with an allow-listed environment and never outlive whoever started them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

from server_ext.kernels.provisioner import ALLOWED_PREFIXES, ALLOWED_VARIABLES, kernel_environment

SECRETS = {"DATABASE_URL": "postgresql://u:changeme@h/d", "HSM_PIN": "1234", "PACAI_HOME": "/h", "AWS_SECRET": "x"}
TETHER = Path(sys.modules[kernel_environment.__module__].__file__ or "").with_name("tether.py")


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_nothing_passes_but_what_is_listed(environment: dict[str, str]) -> None:
    kept = kernel_environment(environment, {})
    assert all(name in ALLOWED_VARIABLES or name.startswith(ALLOWED_PREFIXES) for name in kept)


def test_the_useful_passes_and_the_secret_does_not() -> None:
    kept = kernel_environment({"PATH": "/bin", "LC_ALL": "C", "PACAI_GATEWAY": "http://x", **SECRETS}, {"OMP": "1"})
    assert kept == {"PATH": "/bin", "LC_ALL": "C", "PACAI_GATEWAY": "http://x", "OMP": "1"}


def test_a_kernel_sees_no_secret_and_knows_the_gateway(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, jupyter_folders: Path
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PACAI_GATEWAY", "http://127.0.0.1:3000")
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "pacai-provisioner")
    # Jupyter's factory is a singleton; another test's kernel may have made it before the name was set.
    KernelProvisionerFactory.clear_instance()
    seen = tmp_path / "seen.json"
    manager, client = start_new_kernel(cwd=str(tmp_path))
    try:
        code = f"import json, os; json.dump(dict(os.environ), open({str(seen)!r}, 'w'))"
        reply = client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    environment = json.loads(seen.read_text())
    assert not set(SECRETS) & set(environment)
    assert environment["PACAI_GATEWAY"] == "http://127.0.0.1:3000"


def test_a_tethered_program_dies_with_its_parent(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    program = [
        sys.executable,
        "-c",
        f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(60)",
    ]
    starter = (
        "import os, subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-I', '-S', {str(TETHER)!r}, str(os.getpid()), *{program!r}]);"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter])
    try:
        child = _wait_for_pid(told)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        psutil.Process(child).wait(timeout=10) if psutil.pid_exists(child) else None
    finally:
        parent.kill()
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_a_program_whose_parent_has_gone_already_does_not_start() -> None:
    stranger = os.getpid() + 1 if os.getpid() > 1 else 2
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(TETHER), str(stranger), "/bin/echo", "started"], capture_output=True
    )
    assert (done.returncode, done.stdout) == (1, b"")


def _wait_for_pid(told: Path) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if told.exists() and (text := told.read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError("the tethered program did not start")
