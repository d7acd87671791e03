"""What a rule says about a scenario."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Finding", "Severity"]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(BaseModel):
    """One remark of one named rule. A scenario with an error finding is never released."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)+$")]
    severity: Severity
    where: str
    """Identifier of the damaged object, such as a unit, route or inject id; "scenario" for the whole."""
    message: str
    fix: str
    """What a person can do about it; empty where there is nothing to do."""
