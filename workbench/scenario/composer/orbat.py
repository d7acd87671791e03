"""Orders of battle: a force's tree of units from the catalogue, before anything has a place.

A force is resolved down to the leaf echelon of its size (:mod:`workbench.scenario.scale`). What is
smaller than a leaf is counted into its parent, so that strength and equipment stay complete.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from workbench.scenario.catalogue import Catalogue, UnitKind
from workbench.scenario.composer.names import letter, ordinal
from workbench.scenario.intent import Echelon
from workbench.scenario.model import Equipment, SideId
from workbench.scenario.scale import rank

__all__ = ["Force", "Node", "attach", "build_force", "lone", "without_branches"]


@dataclass(frozen=True, slots=True)
class Node:
    """A unit without a place."""

    id: str
    parent: str | None
    key: str
    """Kind in the catalogue."""
    kind: UnitKind
    name: str
    tag: str
    """Short designation, used in the names of subordinates."""
    callsign: str
    personnel: int
    equipment: tuple[Equipment, ...]
    children: tuple["Node", ...] = field(default=())

    def walk(self) -> Iterator["Node"]:
        """This node and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def leaves(self) -> tuple["Node", ...]:
        return tuple(node for node in self.walk() if not node.children)


@dataclass(frozen=True, slots=True)
class Force:
    side: SideId
    top: Node
    family: str

    @property
    def elements(self) -> tuple[Node, ...]:
        """What the commander gives orders to; the commander's own unit where that is the whole force."""
        return self.top.children if self.top.kind.children else (lone(self.top), *self.top.children)


def build_force(
    catalogue: Catalogue,
    *,
    side: SideId,
    family: str,
    echelon: Echelon,
    leaf: Echelon,
    root: str,
    name: str,
    tag: str,
    callsign: str,
    strength_percent: int = 100,
    exactly: str | None = None,
) -> Force:
    """A force of the family at the echelon, or of ``exactly`` this kind.

    ``strength_percent`` scales the number of its main elements.
    """
    builder = _Builder(catalogue, leaf)
    key = exactly or catalogue.of_family(family, echelon)
    counts = _scaled(catalogue.kind(key), strength_percent)
    top = builder.node(key, id=root, parent=None, name=name, tag=tag, callsign=callsign, counts=counts)
    return Force(side, top, family)


def attach(force: Force, catalogue: Catalogue, keys: Iterable[str], leaf: Echelon) -> Force:
    """The force with further elements under its commander; a single team leads them and fights on itself."""
    builder = _Builder(catalogue, leaf)
    top = force.top
    first = len(top.children) + 1
    extra = tuple(
        builder.child(key, id=f"{top.id}.{index}", parent=top, number=1, many=False, index=index - 1, attached=True)
        for index, key in enumerate(keys, first)
    )
    return Force(force.side, _with_children(top, (*top.children, *extra)), force.family)


def lone(node: Node) -> Node:
    """The node without its subordinates."""
    return _with_children(node, ())


def without_branches(node: Node, is_branch: Callable[[Node], bool]) -> tuple[Node, tuple[Node, ...]]:
    """The node without the subordinates that are branches, at any depth, and those branches."""
    kept: list[Node] = []
    branches: list[Node] = []
    for child in node.children:
        if is_branch(child):
            branches.append(child)
            continue
        bare, inner = without_branches(child, is_branch)
        kept.append(bare)
        branches.extend(inner)
    return _with_children(node, tuple(kept)), tuple(branches)


def _with_children(node: Node, children: tuple[Node, ...]) -> Node:
    return Node(
        node.id, node.parent, node.key, node.kind, node.name, node.tag, node.callsign, node.personnel,
        node.equipment, children,
    )  # fmt: skip


def _scaled(kind: UnitKind, percent: int) -> dict[str, int]:
    """Children by kind, those that make up most of the force scaled, never below one."""
    counts = {share.kind: share.count for share in kind.children}
    if percent != 100 and kind.children:
        main = kind.children[0]
        counts[main.kind] = max(1, (main.count * percent + 50) // 100)
    return counts


class _Builder:
    def __init__(self, catalogue: Catalogue, leaf: Echelon) -> None:
        self._catalogue = catalogue
        self._leaf = leaf

    def node(
        self, key: str, *, id: str, parent: str | None, name: str, tag: str, callsign: str,
        counts: Mapping[str, int] | None = None,
    ) -> Node:  # fmt: skip
        kind = self._catalogue.kind(key)
        counts = counts if counts is not None else {share.kind: share.count for share in kind.children}
        shown = {k: n for k, n in counts.items() if rank(self._catalogue.kind(k).echelon) >= rank(self._leaf)}
        folded = {k: n for k, n in counts.items() if k not in shown}
        personnel, equipment = self._strength(kind, folded)
        bare = Node(id, parent, key, kind, name, tag, callsign, personnel, equipment)
        return _with_children(bare, tuple(self._children(bare, shown)))

    def _children(self, parent: Node, counts: Mapping[str, int]) -> Iterator[Node]:
        index = 0
        for key, count in counts.items():
            for number in range(1, count + 1):
                index += 1
                yield self.child(
                    key, id=f"{parent.id}.{index}", parent=parent, number=number, many=count > 1, index=index - 1
                )

    def child(
        self, key: str, *, id: str, parent: Node, number: int, many: bool, index: int, attached: bool = False
    ) -> Node:
        kind = self._catalogue.kind(key)
        own, short = _designation(kind, number, many), _short_designation(kind, number, many)
        if attached:
            own, short = f"Attached {own}", f"Attached {short}"
        callsign = f"{parent.callsign}-{index + 1}" if parent.parent else f"{parent.callsign} {index + 1}"
        return self.node(
            key,
            id=id,
            parent=parent.id,
            name=f"{own}, {parent.tag}",
            tag=f"{short}, {parent.tag}",
            callsign=callsign,
        )

    def _strength(self, kind: UnitKind, folded: Mapping[str, int]) -> tuple[int, tuple[Equipment, ...]]:
        """Own people and equipment with those of subordinates too small to be shown."""
        people, things = kind.personnel, Counter({holding.type: holding.count for holding in kind.equipment})
        for key, count in folded.items():
            child = self._catalogue.kind(key)
            below, pieces = self._strength(child, {share.kind: share.count for share in child.children})
            people += below * count
            for piece in pieces:
                things[piece.type] += piece.count * count
        return people, tuple(self._equipment(type_, things[type_]) for type_ in sorted(things))

    def _equipment(self, type_: str, count: int) -> Equipment:
        entry = self._catalogue.equipment[type_]
        return Equipment(type=type_, name=entry.name, count=count, dis_type=entry.dis_type)


def _designation(kind: UnitKind, number: int, many: bool) -> str:
    """What a unit is called within its parent."""
    if kind.echelon is Echelon.COMPANY and many:
        return f"{letter(number - 1)} {kind.name}"
    if kind.echelon is Echelon.TEAM and many:
        return f"{kind.name} {'ABCDEFGH'[number - 1] if number <= 8 else number}"
    return f"{ordinal(number)} {kind.name}" if many else kind.name


def _short_designation(kind: UnitKind, number: int, many: bool) -> str:
    """The same, short: ``A Coy``, ``2 Plt``, ``Engineer Platoon``."""
    if not many:
        return kind.name
    mark = letter(number - 1)[0] if kind.echelon is Echelon.COMPANY and number <= 8 else str(number)
    return f"{mark} {kind.short}"
