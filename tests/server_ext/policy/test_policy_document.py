"""The policy document: its defaults, its faults, its place on disk."""

import stat
from pathlib import Path

import pytest

from server_ext.hsm.signer import SignerKind
from server_ext.policy import Classification, Policy, PolicyError, Profile, read_policy, write_policy
from workbench.errors import StorageFullError


def test_the_first_start_writes_the_defaults_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "home" / "policy.json"
    assert read_policy(path, default=Policy()) == Policy()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_policy(path, default=Policy(offline=False)) == Policy()


def test_the_defaults_are_the_evaluation_profile() -> None:
    policy = Policy()
    assert policy.profile is Profile.EVALUATION
    assert policy.offline
    assert policy.duties.self_release


def test_a_software_signer_releases_nothing_that_is_marked() -> None:
    assert Policy().signer_may_release(SignerKind.SOFTWARE)
    marked = Policy(classification=Classification.SECRET)
    assert not marked.signer_may_release(SignerKind.SOFTWARE)
    assert marked.signer_may_release(SignerKind.YUBIHSM2)


def test_the_digest_follows_the_content(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    write_policy(path, Policy(profile=Profile.PRODUCTION))
    read = read_policy(path, default=Policy())
    assert read.digest() == Policy(profile=Profile.PRODUCTION).digest() != Policy().digest()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "document"),
        ("[]", "document"),
        ('{"profile": "lax"}', "profile"),
        ('{"ofline": true}', "ofline"),
        ('{"duties": {"self_release": "perhaps"}}', "duties.self_release"),
        ('{"certificates": [{"subject": "CN=a", "user": "a", "roles": ["boss"]}]}', "certificates.0.roles.0"),
        ("\xff", "document"),
    ],
)
def test_a_faulty_policy_names_the_fault(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(PolicyError, match=named):
        read_policy(path, default=Policy())


def test_a_policy_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    write_policy(path, Policy())
    (tmp_path / "policy.new").mkdir()
    with pytest.raises(StorageFullError):
        write_policy(path, Policy(offline=False))
    assert read_policy(path, default=Policy(offline=False)).offline
