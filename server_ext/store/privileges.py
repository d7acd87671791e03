"""Running PostgreSQL's programs when we are root, which they refuse to be.

As an ordinary user nothing is needed. As root, in this order:

* **A user namespace** (``unshare --user --map-user=nobody``): the program sees itself as *nobody*, the
  kernel sees a root without capabilities, the files stay root's with mode 0700. Works below ``/root``;
  nothing is created, no parent directory is opened up. Not available in a container whose seccomp
  filter forbids namespaces (Docker's default).
* **An existing unprivileged account** (``setpriv --reuid postgres``) that keeps the one capability of
  passing directory permissions, so that a home below ``/root`` works. The data directory is given to
  that account, because PostgreSQL insists on owning it.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.errors import DatabaseUnavailableError

__all__ = ["Privileges", "find_privileges"]

_ACCOUNTS: Final = ("postgres", "nobody")
_TRY_SECONDS: Final = 20
_KEEP: Final = "+dac_override"


@dataclass(frozen=True, slots=True)
class Privileges:
    """How a program of PostgreSQL is started."""

    name: str
    prefix: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None
    """User and group id that must own the data directory, where it is not ourselves."""

    def command(self, program: Sequence[str]) -> list[str]:
        return [*self.prefix, *program]

    def hand_over(self, directory: Path) -> None:
        """Give ``directory`` and all in it to whom the programs run as, where that is somebody else.

        A home may move between a machine with namespaces and a container without.
        """
        owner = self.owner or (os.geteuid(), os.getegid())
        if os.geteuid() != 0 or directory.stat().st_uid == owner[0]:
            return
        for folder, _, names in os.walk(directory):
            for path in (folder, *(os.path.join(folder, name) for name in names)):
                os.chown(path, *owner, follow_symlinks=False)


def find_privileges(user_id: int) -> Privileges:
    """The first way that works for the user ``user_id``, tried for real.

    Raises:
        DatabaseUnavailableError: root, and neither way works here.
    """
    if user_id != 0:
        return Privileges("own user")
    for way in (_in_user_namespace(), _as_account()):
        if way is not None and _works(way):
            return way
    raise DatabaseUnavailableError(
        "PostgreSQL does not run as root, and this machine allows neither a user namespace (unshare) nor a "
        "change to the accounts postgres or nobody (setpriv); run as an ordinary user or set DATABASE_URL"
    )


def _in_user_namespace() -> Privileges | None:
    account = _account(("nobody", "postgres"))
    if account is None or shutil.which("unshare") is None:
        return None
    mapped = (f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}")
    return Privileges("user namespace", ("unshare", "--user", *mapped, "--"))


def _as_account() -> Privileges | None:
    account = _account(_ACCOUNTS)
    if account is None or shutil.which("setpriv") is None:
        return None
    identity = (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
    capabilities = (f"--inh-caps={_KEEP}", f"--ambient-caps={_KEEP}")
    prefix = ("setpriv", *identity, *capabilities, "--")
    return Privileges(f"account {account.pw_name}", prefix, (account.pw_uid, account.pw_gid))


def _account(names: Sequence[str]) -> pwd.struct_passwd | None:
    for name in names:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _works(way: Privileges) -> bool:
    try:
        done = subprocess.run(way.command(["id", "-u"]), capture_output=True, timeout=_TRY_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() not in (b"", b"0")
