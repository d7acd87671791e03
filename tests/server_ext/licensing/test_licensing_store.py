"""Licences: only the vendor's, only forward, and an ended one stops nothing but new work."""

import json
import sqlite3
import subprocess
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from server_ext.licensing import Entitlement, Licence, LicenceState, LicenceStore, issue_demo_licence
from server_ext.licensing.anchors import ANCHORS, allowed_signers
from server_ext.licensing.licence import NAMESPACE, licence_file, read_licence_file
from server_ext.settings import Settings
from workbench import sshsig
from workbench.errors import (
    ConflictError,
    InputError,
    LicenceRefusedError,
    PacaiError,
    UnavailableError,
    VerificationError,
)

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2027, 1, 1, tzinfo=UTC)
LICENCE = Licence(
    licence_id="L-1",
    serial=5,
    licensee="Übungszentrum Süd",
    issued=BEGIN,
    not_before=BEGIN,
    not_after=END,
    seats=12,
    entitlements=("generate", "release", "future-thing"),
    targets=("godot",),
)
NEW_WORK = (Entitlement.GENERATE, Entitlement.RELEASE, Entitlement.BATCH)
ALWAYS = tuple(set(Entitlement) - set(NEW_WORK))


class FixedClock:
    def __init__(self) -> None:
        self.now = BEGIN + timedelta(days=10)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def counted() -> Counter[str]:
    return Counter()


@pytest.fixture
def store(tmp_path: Path, clock: FixedClock, counted: Counter[str]) -> LicenceStore:
    return LicenceStore(tmp_path / "home" / "license.db", clock=clock, count=lambda status: counted.update([status]))


def database(tmp_path: Path) -> Path:
    return tmp_path / "home" / "license.db"


def test_without_a_licence_everything_works_as_evaluation(store: LicenceStore) -> None:
    status = store.status()
    assert (status.state, status.licence, status.seats) == (LicenceState.EVALUATION, None, 1)
    assert status.marks_packages
    assert "EVALUATION" in status.sentence
    for entitlement in Entitlement:
        assert store.require(entitlement, target="unity").passed


def test_an_applied_licence_is_in_force(store: LicenceStore) -> None:
    assert store.apply(issue_demo_licence(LICENCE)) == LICENCE
    status = store.status()
    assert (status.state, status.licence, status.seats) == (LicenceState.VALID, LICENCE, 12)
    assert status.days_left == 355
    assert status.demo
    assert status.marks_packages  # the demo root is public, so its packages are marked too


def test_the_guides_own_check_reads_it(store: LicenceStore, tmp_path: Path) -> None:
    store.apply(issue_demo_licence(LICENCE))
    command = ["sqlite3", str(database(tmp_path)), "SELECT * FROM licenses"]
    try:
        rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        with sqlite3.connect(database(tmp_path)) as connection:
            rows = "|".join(str(cell) for cell in connection.execute(command[-1]).fetchone())
    assert rows.startswith("5|L-1|Übungszentrum Süd|2026-01-01T00:00:00Z|2027-01-01T00:00:00Z|12|demo-root@pacai")


def test_the_same_file_twice_is_the_same_as_once(store: LicenceStore, tmp_path: Path) -> None:
    for _ in range(2):
        store.apply(issue_demo_licence(LICENCE))
    with sqlite3.connect(database(tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM licenses").fetchone() == (1,)


def test_a_serial_never_goes_down(store: LicenceStore, clock: FixedClock) -> None:
    store.apply(issue_demo_licence(LICENCE))
    store.apply(issue_demo_licence(replace(LICENCE, serial=7, seats=3)))
    clock.now = END + timedelta(days=1)
    with pytest.raises(LicenceRefusedError, match="older than serial 7"):
        store.apply(issue_demo_licence(LICENCE))
    assert store.status().seats == 3


def test_two_licences_with_one_serial_are_a_conflict(store: LicenceStore) -> None:
    store.apply(issue_demo_licence(LICENCE))
    with pytest.raises(ConflictError, match="serial 5"):
        store.apply(issue_demo_licence(replace(LICENCE, seats=9999)))


def test_entitlements_and_targets_are_checked_where_work_begins(store: LicenceStore) -> None:
    store.apply(issue_demo_licence(LICENCE))
    assert store.check(Entitlement.GENERATE).passed
    assert store.check(Entitlement.RELEASE, target="godot").passed
    with pytest.raises(LicenceRefusedError, match="does not cover the target unity; it covers godot"):
        store.require(Entitlement.RELEASE, target="unity")
    with pytest.raises(LicenceRefusedError, match="does not cover batch"):
        store.require(Entitlement.BATCH)


@pytest.mark.parametrize(
    ("days", "state", "warning"),
    [
        (-0.5, LicenceState.EXPIRED, 7),
        (0.5, LicenceState.EXPIRING, 7),
        (7.5, LicenceState.EXPIRING, 30),
        (29.5, LicenceState.EXPIRING, 30),
        (30.5, LicenceState.EXPIRING, 60),
        (60.5, LicenceState.VALID, None),
        (364, LicenceState.VALID, None),
        (366, LicenceState.NOT_YET_VALID, None),
    ],
)
def test_warnings_get_louder(
    store: LicenceStore, clock: FixedClock, days: float, state: LicenceState, warning: int | None
) -> None:
    store.apply(issue_demo_licence(LICENCE))
    clock.now = END - timedelta(days=days)
    status = store.status()
    assert (status.state, status.warning_days) == (state, warning)
    assert status.sentence


@pytest.mark.parametrize("moment", [END, BEGIN - timedelta(seconds=1)])
def test_outside_its_time_only_new_work_is_stopped(store: LicenceStore, clock: FixedClock, moment: datetime) -> None:
    store.apply(issue_demo_licence(LICENCE))
    clock.now = moment
    for entitlement in NEW_WORK:
        with pytest.raises(LicenceRefusedError, match=r"licence (ended|begins)"):
            store.require(entitlement)
    for entitlement in ALWAYS:
        assert store.require(entitlement).passed


def test_checks_are_counted(store: LicenceStore, counted: Counter[str], clock: FixedClock) -> None:
    store.check(Entitlement.GENERATE)
    store.check(Entitlement.READ)
    store.apply(issue_demo_licence(LICENCE))
    clock.now = END
    store.check(Entitlement.GENERATE)
    assert counted == {"pass": 2, "fail": 1}


def test_rows_cannot_be_changed_or_deleted_by_sql(store: LicenceStore, tmp_path: Path) -> None:
    store.apply(issue_demo_licence(LICENCE))
    with sqlite3.connect(database(tmp_path)) as connection:
        for statement in ("UPDATE licenses SET seats = 99", "DELETE FROM licenses"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)


def test_a_row_changed_behind_the_products_back_does_not_verify(store: LicenceStore, tmp_path: Path) -> None:
    store.apply(issue_demo_licence(LICENCE))
    with sqlite3.connect(database(tmp_path)) as connection:
        connection.execute("DROP TRIGGER licenses_keep")
        connection.execute("UPDATE licenses SET document = replace(document, '\"seats\":12', '\"seats\":99')")
    with pytest.raises(VerificationError):
        store.status()
    with pytest.raises(VerificationError):
        store.require(Entitlement.GENERATE)
    assert store.require(Entitlement.VERIFY).passed


def test_a_broken_database_never_stops_reading(store: LicenceStore, tmp_path: Path) -> None:
    database(tmp_path).write_bytes(b"this is no database, but it is long enough to be one" * 100)
    with pytest.raises(UnavailableError, match="damaged"):
        store.status()
    for entitlement in ALWAYS:
        assert store.check(entitlement).passed


def test_a_folder_in_its_place_is_an_unavailable_database(tmp_path: Path, clock: FixedClock) -> None:
    database(tmp_path).mkdir(parents=True)
    with pytest.raises(UnavailableError, match="cannot be used"):
        LicenceStore(database(tmp_path), clock=clock)


def test_opening_it_again_keeps_what_is_there(store: LicenceStore, tmp_path: Path, clock: FixedClock) -> None:
    store.apply(issue_demo_licence(LICENCE))
    assert LicenceStore(database(tmp_path), clock=clock).status().licence == LICENCE


def test_the_store_of_the_settings_is_license_db(tmp_path: Path) -> None:
    made = Settings.from_environment({"PACAI_HOME": str(tmp_path / "home")})
    assert LicenceStore.from_settings(made).status().state is LicenceState.EVALUATION
    assert database(tmp_path).exists()


def test_many_threads_apply_one_licence_once(store: LicenceStore, tmp_path: Path) -> None:
    threads = [threading.Thread(target=store.apply, args=(issue_demo_licence(LICENCE),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite3.connect(database(tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM licenses").fetchone() == (1,)


def test_a_store_for_production_refuses_the_demo_root(tmp_path: Path, clock: FixedClock) -> None:
    store = LicenceStore(database(tmp_path), clock=clock, accept_demo=False)
    with pytest.raises(VerificationError, match="not among the allowed signers"):
        store.apply(issue_demo_licence(LICENCE))
    assert all(anchor.is_demo for anchor in ANCHORS)
    assert allowed_signers(accept_demo=False).signers == ()


def signed_by(key: ed25519.Ed25519PrivateKey, licence: Licence, namespace: str = NAMESPACE) -> str:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return licence_file(licence, raw, key.sign(sshsig.signed_data(namespace, licence.line())))


def test_a_licence_that_somebody_else_signed_is_refused(store: LicenceStore) -> None:
    with pytest.raises(VerificationError, match="not among the allowed signers"):
        store.apply(signed_by(ed25519.Ed25519PrivateKey.generate(), LICENCE))
    assert store.status().state is LicenceState.EVALUATION


def test_a_signature_for_another_purpose_or_of_another_licence_is_refused(store: LicenceStore) -> None:
    good = issue_demo_licence(LICENCE)
    _, signature = read_licence_file(good)
    other = replace(LICENCE, seats=99).line().decode() + signature
    with pytest.raises(VerificationError, match="does not match"):
        store.apply(other)
    text = sshsig.armor(ANCHORS[0].public_key, "release@pacai", bytes(64))
    with pytest.raises(VerificationError, match="namespace"):
        store.apply(LICENCE.line().decode() + text)


def test_stock_tools_verify_a_licence_file(tmp_path: Path) -> None:
    (tmp_path / "site.licence").write_text(issue_demo_licence(LICENCE))
    (tmp_path / "allowed").write_text(allowed_signers(accept_demo=True).format())
    script = (
        "head -1 site.licence > l.json; tail -n +2 site.licence > l.sig; ssh-keygen -Y verify -f allowed "
        f"-I demo-root@pacai -n {NAMESPACE} -s l.sig < l.json"
    )
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("serial", 0),
        ("serial", True),
        ("serial", "5"),
        ("serial", 2**60),
        ("seats", 0),
        ("seats", 1.5),
        ("licensee", ""),
        ("licensee", "a\nb"),
        ("licensee", "x" * 201),
        ("licence_id", None),
        ("issued", "yesterday"),
        ("issued", 20260101),
        ("not_after", "2026-01-01T00:00:00Z"),
        ("not_before", "2026-01-01T00:00:00+00:00"),
        ("entitlements", "generate"),
        ("entitlements", [1]),
        ("targets", [""]),
        ("format", "pacai-licence/2"),
        ("product", "another"),
        ("extra", 1),
    ],
)
def test_a_document_with_a_wrong_field_is_refused(field: str, value: object) -> None:
    document = LICENCE.document() | {field: value}
    with pytest.raises(InputError):
        Licence.parse(json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")


@pytest.mark.parametrize("text", ["", "{}", "[]\n", "null\n", "{" * 9000, "x" * 70_000, '{"a":' * 5000])
def test_what_is_no_licence_is_refused(store: LicenceStore, text: str) -> None:
    with pytest.raises(InputError):
        store.apply(text)


def test_a_licence_in_another_form_of_json_is_refused() -> None:
    with pytest.raises(InputError, match="canonical"):
        Licence.parse(json.dumps(LICENCE.document()) + "\n")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_changed_character_is_accepted(data: st.DataObject) -> None:
    text = issue_demo_licence(LICENCE)
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.characters(codec="utf-8").filter(lambda character: character != text[at]))
    licence, signature = None, ""
    try:
        licence, signature = read_licence_file(text[:at] + new + text[at + 1 :])
        sshsig.verify(signature, licence.line(), NAMESPACE, allowed_signers(accept_demo=True))
    except PacaiError:
        return
    pytest.fail(f"character {at} could become {new!r}")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_refused_without_a_traceback(text: str) -> None:
    with pytest.raises(PacaiError):
        read_licence_file(text)
