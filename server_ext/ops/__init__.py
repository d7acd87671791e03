"""Keeping an installation healthy: what ``pacai doctor`` looks at."""

from server_ext.ops.doctor import Observation, State, examine

__all__ = ["Observation", "State", "examine"]
