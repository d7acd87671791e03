"""The force catalogue: generic kinds of units with people, equipment, mobility, ranges and symbols.

The data is ``forces.json`` beside this module; a site may load its own file of the same form. The
catalogue's digest is part of every recipe, because other data would make another scenario.
"""

from workbench.scenario.catalogue.forces import (
    Catalogue,
    EquipmentType,
    Share,
    UnitKind,
    load_catalogue,
)

__all__ = ["Catalogue", "EquipmentType", "Share", "UnitKind", "load_catalogue"]
