"""Hash chain, Merkle proofs and signed checkpoints: pure, shared by the server and the offline verifier."""

from workbench.chain.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from workbench.chain.frontier import Frontier
from workbench.chain.hashchain import (
    GENESIS,
    START,
    ChainFault,
    ChainHead,
    ChainRow,
    ChainVerdict,
    ChainVerifier,
    FaultKind,
    link,
    verify_chain,
)
from workbench.chain.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)
from workbench.chain.note import NoteSignature, SignedNote, VerifierKey

__all__ = [
    "EMPTY_ROOT",
    "GENESIS",
    "START",
    "ChainFault",
    "ChainHead",
    "ChainRow",
    "ChainVerdict",
    "ChainVerifier",
    "Checkpoint",
    "FaultKind",
    "Frontier",
    "NoteSignature",
    "SignedNote",
    "VerifierKey",
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "link",
    "node_hash",
    "open_checkpoint",
    "root",
    "sign_checkpoint",
    "verify_chain",
    "verify_consistency",
    "verify_inclusion",
]
