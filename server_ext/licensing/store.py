"""Where licences are kept: SQLite ``license.db``, table ``licenses``, as the guide's own check reads it.

The table only grows: rows are never changed or deleted, the licence in force is the one with the highest
serial, and a lower serial is refused even after the higher one has ended.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from server_ext.licensing.anchors import ANCHORS, Anchor, allowed_signers
from server_ext.licensing.licence import NAMESPACE, Entitlement, Licence, read_licence_file
from server_ext.licensing.status import Clock, LicenceCheck, LicenceStatus, always_allowed, check_of, status_of
from server_ext.settings import Settings
from workbench import sshsig
from workbench.errors import ConflictError, LicenceRefusedError, StorageFullError, UnavailableError

__all__ = ["CheckCounter", "LicenceStore"]

CheckCounter = Callable[[Literal["pass", "fail"]], None]
"""Called once per check, for the metric ``pacai_hsm_license_checks{status}``."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS licenses (
    serial      INTEGER PRIMARY KEY,
    licence_id  TEXT NOT NULL,
    licensee    TEXT NOT NULL,
    not_before  TEXT NOT NULL,
    not_after   TEXT NOT NULL,
    seats       INTEGER NOT NULL,
    signed_by   TEXT NOT NULL,
    applied_at  TEXT NOT NULL,
    document    TEXT NOT NULL,
    signature   TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS licenses_keep BEFORE UPDATE ON licenses
    BEGIN SELECT RAISE(ABORT, 'licences are never changed'); END;
CREATE TRIGGER IF NOT EXISTS licenses_stay BEFORE DELETE ON licenses
    BEGIN SELECT RAISE(ABORT, 'licences are never deleted'); END;
"""
_BUSY_SECONDS: Final = 5.0


class LicenceStore:
    """The site's licences. Safe to share between threads and processes: each call opens the file anew."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock,
        count: CheckCounter = lambda status: None,
        accept_demo: bool = True,
        anchors: tuple[Anchor, ...] = ANCHORS,
    ) -> None:
        self._path = path
        self._clock = clock
        self._count = count
        self._allowed = allowed_signers(accept_demo=accept_demo, anchors=anchors)
        self._demo = {anchor.principal for anchor in anchors if anchor.is_demo}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnavailableError(f"the folder of the licence database {path} cannot be made: {error}") from error
        with self._database() as database:
            database.executescript(_SCHEMA)

    @classmethod
    def from_settings(
        cls, settings: Settings, *, count: CheckCounter = lambda status: None, accept_demo: bool = True
    ) -> "LicenceStore":
        """The store of this installation, on the system's clock."""
        return cls(settings.licence_database, clock=lambda: datetime.now(UTC), count=count, accept_demo=accept_demo)

    def apply(self, text: str) -> Licence:
        """Verify a licence file and put it in force. The same file twice is the same as once.

        Raises:
            InputError: the file is not a licence.
            SignatureFormatError: its signature cannot be read.
            VerificationError: it was not signed by the vendor.
            LicenceRefusedError: its serial is lower than one already applied.
            ConflictError: another licence has this serial.
            UnavailableError: license.db cannot be written.
        """
        licence, signature = read_licence_file(text)
        now = self._clock()
        signer = sshsig.verify(signature, licence.line(), NAMESPACE, self._allowed, at=now)
        with self._database() as database:
            database.execute("BEGIN IMMEDIATE")
            if not self._is_applied(database, licence):
                self._insert(database, licence, signature, signer.principals[0], now)
        return licence

    def status(self) -> LicenceStatus:
        """The licence in force and what it means now.

        Raises:
            VerificationError: a row of license.db was changed outside the product.
            UnavailableError: license.db cannot be read.
        """
        with self._database() as database:
            row = database.execute("SELECT document, signature FROM licenses ORDER BY serial DESC LIMIT 1").fetchone()
        if row is None:
            return status_of(None, self._clock())
        licence, signature = read_licence_file(row[0] + row[1])
        now = self._clock()
        signer = sshsig.verify(signature, licence.line(), NAMESPACE, self._allowed, at=now)
        return status_of(licence, now, demo=signer.principals[0] in self._demo)

    def check(self, entitlement: Entitlement, *, target: str | None = None) -> LicenceCheck:
        """Whether ``entitlement`` may begin now; counted as pass or fail.

        What is not new work passes even when license.db cannot be read.

        Raises:
            VerificationError, UnavailableError: see :meth:`status`.
        """
        if entitlement.is_new_work:
            answer = check_of(self.status(), entitlement, target)
        else:
            answer = always_allowed(entitlement)
        self._count("pass" if answer.passed else "fail")
        return answer

    def require(self, entitlement: Entitlement, *, target: str | None = None) -> LicenceCheck:
        """As :meth:`check`, but a refusal is raised.

        Raises:
            LicenceRefusedError: the licence does not cover it.
        """
        answer = self.check(entitlement, target=target)
        if not answer.passed:
            raise LicenceRefusedError(answer.reason)
        return answer

    def _is_applied(self, database: sqlite3.Connection, licence: Licence) -> bool:
        row = database.execute("SELECT serial, document FROM licenses ORDER BY serial DESC LIMIT 1").fetchone()
        if row is None or licence.serial > row[0]:
            return False
        if licence.serial < row[0]:
            raise LicenceRefusedError(
                f"licence serial {licence.serial} is older than serial {row[0]} already applied; "
                "ask the vendor for the newest licence file"
            )
        if row[1] != licence.line().decode():
            raise ConflictError(f"another licence with serial {licence.serial} is already applied")
        return True

    def _insert(
        self, database: sqlite3.Connection, licence: Licence, signature: str, signed_by: str, now: datetime
    ) -> None:
        document = licence.document()
        database.execute(
            "INSERT INTO licenses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                licence.serial,
                licence.licence_id,
                licence.licensee,
                document["not_before"],
                document["not_after"],
                licence.seats,
                signed_by,
                now.isoformat(timespec="seconds"),
                licence.line().decode(),
                signature,
            ),
        )

    @contextlib.contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
            with contextlib.closing(connection):
                connection.execute("PRAGMA synchronous = FULL")
                yield connection
                if connection.in_transaction:
                    connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise StorageFullError(f"the disk is full, the licence was not written to {self._path}") from error
            raise UnavailableError(f"the licence database {self._path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise UnavailableError(
                f"the licence database {self._path} is damaged ({error}); move it away and apply the licence again"
            ) from error
