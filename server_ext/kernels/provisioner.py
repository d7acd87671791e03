"""How kernels start: with an allow-listed environment, and never outliving the gateway.

Notebook code is untrusted, so a kernel gets the variables it needs and no others: no database address, no
secret, nothing that happens to stand in the gateway's environment. ``PACAI_GATEWAY`` tells the client in the
notebook where the gateway is. Before the kernel's own program runs, the kernel asks Linux to be killed when
the thread that started it ends (:mod:`server_ext.kernels.tether`), so ``kill -9`` of the gateway leaves none.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

__all__ = ["ALLOWED_PREFIXES", "ALLOWED_VARIABLES", "AllowListedProvisioner", "kernel_environment"]

ALLOWED_VARIABLES: Final = frozenset(
    {
        "HOME",
        "IPYTHONDIR",
        "JPY_PARENT_PID",
        "JPY_SESSION_NAME",
        "LANG",
        "LANGUAGE",
        "LOGNAME",
        "MPLCONFIGDIR",
        "PACAI_GATEWAY",
        "PATH",
        "PYTHONHASHSEED",
        "SHELL",
        "TERM",
        "TMPDIR",
        "TZ",
        "USER",
        "VIRTUAL_ENV",
        "XDG_CACHE_HOME",
    }
)
"""What a Python kernel uses of a user's environment."""
ALLOWED_PREFIXES: Final = ("LC_", "JUPYTER_CONFIG_", "JUPYTER_DATA_", "JUPYTER_RUNTIME_", "JUPYTER_PATH")

_TETHER: Final = (sys.executable, "-I", "-S", str(Path(__file__).with_name("tether.py")))


def kernel_environment(environment: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """The variables of ``environment`` that a kernel may see, with those that its kernelspec declares."""
    kept = {
        name: value
        for name, value in environment.items()
        if name in ALLOWED_VARIABLES or name.startswith(ALLOWED_PREFIXES)
    }
    return {**kept, **declared}


class AllowListedProvisioner(LocalProvisioner):
    """Starts kernels as local processes with the environment of :func:`kernel_environment`."""

    gateway_url = Unicode("", help="Where the client in a notebook finds the gateway; PACAI_GATEWAY.").tag(config=True)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Tie the kernel's command to this process."""
        launch: dict[str, Any] = await super().pre_launch(**kwargs)
        launch["cmd"] = [*_TETHER, str(os.getpid()), *launch["cmd"]]
        return launch

    def _finalize_env(self, env: dict[str, str]) -> None:
        super()._finalize_env(env)
        declared = {name: env[name] for name in self.kernel_spec.env if name in env}
        allowed = kernel_environment(env, declared)
        if self.gateway_url:
            allowed["PACAI_GATEWAY"] = self.gateway_url
        env.clear()
        env.update(allowed)
