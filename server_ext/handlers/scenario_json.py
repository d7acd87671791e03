"""The JSON of a stored scenario, put together from the canonical bytes that are stored.

The document is megabytes; parsing and writing it again would hold the interpreter for nothing.
"""

from dataclasses import asdict

import orjson

from server_ext.generation import StoredScenario

__all__ = ["scenario_json"]


def scenario_json(stored: StoredScenario) -> bytes:
    """The bytes of a :class:`server_ext.handlers.models.ScenarioAnswer`, on one line."""
    return orjson.dumps(
        {
            "scenario_id": stored.scenario_id,
            "version": stored.version,
            "digest": stored.digest,
            "project": stored.project,
            "scenario": orjson.Fragment(stored.document),
            "findings": orjson.Fragment(stored.findings),
            "reading": orjson.Fragment(stored.reading),
            "blobs": [asdict(blob) for blob in stored.blobs],
            "event_seq": stored.event_seq,
        }
    )
