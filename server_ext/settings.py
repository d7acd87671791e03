"""Where the product lives and what it is told at start: environment variables, read once, at the rim.

=====================  ===============================================  =========================
variable               meaning                                          default
=====================  ===============================================  =========================
``PACAI_HOME``         data, secrets, sockets, objects                  ``~/.local/share/pacai``
``PACAI_PORT``         TCP port of the gateway on 127.0.0.1             ``3000``
``DATABASE_URL``       any PostgreSQL ≥ 15                              the embedded server
``PG_BINDIR``          directory of initdb, postgres, pg_ctl            found on the machine
``OFFLINE_MODE``       ``true``: only loopback and hosts in the policy  ``true``
``HSM_URL``            ``http://…`` of a yubihsm-connector              the software YubiHSM
``PACAI_BRIDGE``       ``pool`` or ``unix:/path`` of a bridge sidecar   ``pool``
``SHARDING_ENABLED``   ``true``: this node is one of several            ``false``
``SHARD_ID``           name of this node                                the host's name
``REDIS_URL``          session state of a cluster                       none
=====================  ===============================================  =========================
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import InputError

__all__ = ["Settings"]

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
DEFAULT_PORT = 3000


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    port: int = DEFAULT_PORT
    database_url: str | None = None
    pg_bindir: Path | None = None
    offline: bool = True
    hsm_url: str | None = None
    bridge: str = "pool"
    sharding: bool = False
    node: str = "node"
    redis_url: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the variables in the module's table.

        Raises:
            InputError: a variable has a value that cannot be used; the message names it.
        """
        home = environment.get("PACAI_HOME") or str(
            Path(environment.get("HOME", "~")).expanduser() / ".local/share/pacai"
        )
        bindir = environment.get("PG_BINDIR")
        return cls(
            home=Path(home).expanduser().absolute(),
            port=_port(environment.get("PACAI_PORT", str(DEFAULT_PORT))),
            database_url=environment.get("DATABASE_URL") or None,
            pg_bindir=Path(bindir) if bindir else None,
            offline=_flag(environment, "OFFLINE_MODE", True),
            hsm_url=environment.get("HSM_URL") or None,
            bridge=environment.get("PACAI_BRIDGE") or "pool",
            sharding=_flag(environment, "SHARDING_ENABLED", False),
            node=environment.get("SHARD_ID") or socket.gethostname(),
            redis_url=environment.get("REDIS_URL") or None,
        )

    @property
    def secrets(self) -> Path:
        """PINs and passwords, one file each, mode 0600 in a directory of mode 0700."""
        return self.home / "secrets"

    @property
    def run(self) -> Path:
        """Sockets and pid files."""
        return self.home / "run"

    @property
    def objects(self) -> Path:
        """Content-addressed blobs and packages."""
        return self.home / "objects"

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def licence_database(self) -> Path:
        return self.home / "license.db"

    @property
    def policy_file(self) -> Path:
        return self.home / "policy.json"


def _flag(environment: Mapping[str, str], name: str, default: bool) -> bool:
    text = environment.get(name, "").strip().lower()
    if not text:
        return default
    if text in _TRUE | _FALSE:
        return text in _TRUE
    raise InputError(f"{name} must be true or false, got {text!r}")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65_536:
        return int(text)
    raise InputError(f"PACAI_PORT must be a port number from 1 to 65535, got {text!r}")
