"""Reading a force catalogue and proving that it hangs together.

Rules a catalogue keeps: every child kind and equipment type named exists, a kind's children stand at a
lower or the same echelon and never lead back to it, and every family names kinds of the right echelon.

>>> load_catalogue().kind("rifle_none")
Traceback (most recent call last):
workbench.errors.MissingError: the force catalogue has no kind 'rifle_none'
"""

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workbench.canonical import Digest, digest
from workbench.errors import InputError, MissingError
from workbench.scenario.intent import Echelon
from workbench.scenario.model import Mobility

__all__ = ["ECHELONS", "Catalogue", "EquipmentType", "Role", "Share", "UnitKind", "load_catalogue"]

ECHELONS: Final = tuple(echelon for echelon in Echelon if echelon is not Echelon.UNSPECIFIED)
"""From team up to division."""

Role = Literal["manoeuvre", "fires", "recon", "engineer", "support", "command", "civil"]
DisType = Annotated[str, Field(pattern=r"^\d+(\.\d+){6}$")]
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EquipmentType(_Entry):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    dis_type: DisType


class Holding(_Entry):
    """So many pieces of one equipment type."""

    type: Key
    count: Annotated[int, Field(ge=1)]


class Share(_Entry):
    """So many subordinate units of one kind."""

    kind: Key
    count: Annotated[int, Field(ge=1)]


class UnitKind(_Entry):
    """A table of organisation and equipment. Personnel and equipment are the node's own, children apart."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    short: Annotated[str, Field(min_length=1, max_length=12)]
    echelon: Echelon
    role: Role
    symbol: Annotated[str, Field(pattern=r"^\d{12}$")]
    mobility: Mobility
    dis_type: DisType
    personnel: Annotated[int, Field(ge=1)]
    equipment: tuple[Holding, ...]
    weapon_range_m: Annotated[int, Field(ge=0)]
    sensor_range_m: Annotated[int, Field(ge=0)]
    children: tuple[Share, ...] = ()


class Catalogue(_Entry):
    """All kinds of units that a composer may use."""

    format: Literal["pacai.forces/1"]
    about: str
    equipment: Mapping[Key, EquipmentType]
    families: Mapping[Key, Mapping[Echelon, Key]]
    kinds: Mapping[Key, UnitKind]
    civil: tuple[Key, ...]

    @model_validator(mode="after")
    def _hangs_together(self) -> "Catalogue":
        for key, kind in self.kinds.items():
            self._refuse_dangling(key, kind)
        for family, levels in self.families.items():
            for echelon, key in levels.items():
                if key not in self.kinds or self.kinds[key].echelon is not echelon:
                    raise ValueError(f"family {family} names {key!r}, which is no {echelon} kind")
        for key in self.civil:
            if key not in self.kinds:
                raise ValueError(f"the civil list names the unknown kind {key!r}")
        return self

    def _refuse_dangling(self, key: str, kind: UnitKind) -> None:
        for holding in kind.equipment:
            if holding.type not in self.equipment:
                raise ValueError(f"kind {key} holds the unknown equipment {holding.type!r}")
        for share in kind.children:
            child = self.kinds.get(share.kind)
            if child is None:
                raise ValueError(f"kind {key} has the unknown child {share.kind!r}")
            if ECHELONS.index(child.echelon) >= ECHELONS.index(kind.echelon):
                raise ValueError(f"kind {key} has the child {share.kind!r} of the same or a higher echelon")

    def kind(self, key: str) -> UnitKind:
        """The kind named ``key``.

        Raises:
            MissingError: there is none.
        """
        try:
            return self.kinds[key]
        except KeyError:
            raise MissingError(f"the force catalogue has no kind {key!r}") from None

    def of_family(self, family: str, echelon: Echelon) -> str:
        """Key of the family's kind at the echelon or, where it has none, at the nearest one.

        Raises:
            MissingError: the family is unknown.
        """
        levels = self.families.get(family)
        if not levels:
            raise MissingError(f"the force catalogue has no family {family!r}")
        rank = ECHELONS.index(echelon)
        return levels[min(levels, key=lambda level: (abs(ECHELONS.index(level) - rank), ECHELONS.index(level)))]

    @cached_property
    def digest(self) -> Digest:
        """SHA-256 of the catalogue's canonical bytes."""
        return digest(self.model_dump(mode="json"))


def load_catalogue(text: str | bytes | None = None) -> Catalogue:
    """The catalogue written in ``text``, or the one that comes with the product.

    Raises:
        InputError: the text is not a catalogue.
    """
    if text is None:
        text = files("workbench.scenario.catalogue").joinpath("forces.json").read_text(encoding="utf-8")
    try:
        return Catalogue.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the document"
        raise InputError(f"the force catalogue cannot be used: {where}: {first['msg']}") from error
