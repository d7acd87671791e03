"""From an intent and a seed to a scenario that passes every rule.

The composer plans, proves its own plan with :mod:`workbench.scenario.rules`, and on the rare plan that has
no room, no way or no time plans again: nearer when time is short, elsewhere when the ground is bad. Each
attempt draws from streams of its own, so the result is still a function of intent, seed and options alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.errors import CompositionError, OutOfScopeError
from workbench.scenario.catalogue import Catalogue, load_catalogue
from workbench.scenario.composer.brief import Brief, fill_brief
from workbench.scenario.composer.civil import civil_groups, place_group, protect
from workbench.scenario.composer.engagement import rules_of_engagement
from workbench.scenario.composer.environment import make_area, make_environment
from workbench.scenario.composer.forces import Forces, assign, raise_forces
from workbench.scenario.composer.injects import write_injects, write_training_objectives
from workbench.scenario.composer.layout import Layout, Needs, lay_out
from workbench.scenario.composer.measures import Protected, draw_measures, make_objective
from workbench.scenario.composer.names import CodeWords
from workbench.scenario.composer.opord import Facts, write_opord, write_summary, write_title
from workbench.scenario.composer.placement import NoRoomError, Placer
from workbench.scenario.composer.reach import Reach
from workbench.scenario.composer.records import sides_of, tasks_of, units_of
from workbench.scenario.composer.sites import terrain_features
from workbench.scenario.composer.tasks import Assignment, OrderBook, Standing, give_orders
from workbench.scenario.composer.timeline import TooLongError, schedule
from workbench.scenario.composition import Composition, Progress, no_progress
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.intent import Intent, IntentKind, ObjectiveKind
from workbench.scenario.model import (
    Exercise,
    Mobility,
    Options,
    Recipe,
    Scenario,
    SideId,
)
from workbench.scenario.routing import Router
from workbench.scenario.rules import check
from workbench.scenario.scale import area_of
from workbench.scenario.streams import Streams
from workbench.scenario.terrain import BuiltTerrain, TerrainWish, build_terrain

__all__ = ["ENGINE_VERSION", "compose"]

ENGINE_VERSION: Final = "composer/1"
"""Raised whenever the same recipe would make other bytes."""

_ATTEMPTS: Final = 12
"""Plans tried before giving up. Of 140 random requests of every size, none needed more than eight."""

_PICKY_ATTEMPTS: Final = 5
"""After these a base of fire need not see the objective; its units then secure instead of firing."""

_FULL_REACH: Final = 100
_NEARER_PERCENT: Final = 80
"""The next plan aims at this share of the time there is."""
_NEAREST_PERCENT: Final = 8
"""Below this share of the usual distance everyone begins where the first task is done."""


def compose(intent: Intent, seed: int, options: Options | None = None, progress: Progress = no_progress) -> Composition:
    """A scenario for what the intent asks for. The same arguments always give the same bytes.

    Raises:
        SeedError: the seed is not an integer in 0 … 2^53 − 1.
        OutOfScopeError: the intent is not a request for a training scenario.
        CompositionError: no plan passed the rules.
    """
    streams = Streams(seed)
    if intent.intent is IntentKind.OUT_OF_SCOPE:
        raise OutOfScopeError(
            "the prompt does not ask for a training scenario; describe a mission, for example "
            "'company attack on a village at dawn'"
        )
    return _Composer(intent, streams, options or Options(), progress).compose()


class _Steady:
    """Progress that does not fall when a plan is made again."""

    def __init__(self, listener: Progress) -> None:
        self._listener, self._percent = listener, 0

    def __call__(self, stage: str, percent: int) -> None:
        self._percent = max(self._percent, percent)
        self._listener(stage, self._percent)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything that one attempt decided."""

    layout: Layout
    book: OrderBook
    exercise: Exercise
    protected: tuple[Protected, ...]


class _Composer:
    def __init__(self, intent: Intent, streams: Streams, options: Options, progress: Progress) -> None:
        self._intent, self._streams, self._options = intent, streams, options
        self._progress = _Steady(progress)
        self._catalogue: Catalogue = load_catalogue()
        self._brief: Brief = fill_brief(intent, streams)

    def compose(self) -> Composition:
        built = self._terrain()
        reachable, router = Reach(built.ground), Router(built.ground)
        trouble = "none was tried"
        reach = _FULL_REACH
        for attempt in range(_ATTEMPTS):
            try:
                plan, words, forces = self._plan(reachable, router, attempt, reach)
            except TooLongError as error:
                trouble = str(error)
                reach = min(reach * 2 // 3, reach * error.total_s * _NEARER_PERCENT // (error.need_s * 100))
                continue
            except NoRoomError as error:
                trouble = str(error)
                continue
            scenario = self._write(built, plan, words, forces)
            self._progress("check", 92)
            errors = _errors(check(scenario, built.blobs))
            if not errors:
                self._progress("check", 100)
                return Composition(scenario, built.blobs)
            trouble = f"{errors[0].rule} at {errors[0].where}: {errors[0].message}"
        raise CompositionError(
            f"no valid scenario was found for this prompt and seed in {_ATTEMPTS} attempts (last: {trouble}); "
            "try another seed, a longer duration or smaller forces"
        )

    # ------------------------------------------------------------ terrain

    def _terrain(self) -> BuiltTerrain:
        brief = self._brief
        side_m, cell_m = area_of(brief.frame)
        wish = TerrainWish(
            kinds=brief.terrain,
            side_m=side_m,
            cell_m=cell_m,
            needs_bridge=brief.objective in (ObjectiveKind.BRIDGE, ObjectiveKind.CROSSING_SITE),
            needs_settlement=brief.civilians or brief.objective is ObjectiveKind.SETTLEMENT,
            features=terrain_features(brief.objective),
        )
        self._progress("terrain", 0)
        return build_terrain(wish, self._streams, lambda _, percent: self._progress("terrain", percent * 40 // 100))

    # ------------------------------------------------------------ planning

    def _plan(self, reachable: Reach, router: Router, attempt: int, reach: int) -> tuple[_Plan, CodeWords, Forces]:
        """One attempt.

        Raises:
            NoRoomError, TooLongError: it came to nothing.
        """
        brief, streams = self._brief, _attempt_streams(self._streams, attempt)
        words = CodeWords(self._streams)
        self._progress("forces", 40)
        forces = raise_forces(brief, self._catalogue, words, self._streams, self._options.force_ratio_percent)
        assignments = assign(brief, forces)
        placer = Placer(reachable, router)
        self._progress("objectives", 45)
        moving = reach >= _NEAREST_PERCENT
        layout = lay_out(
            brief,
            _needs(assignments),
            placer,
            streams,
            reach_percent=max(reach, _NEAREST_PERCENT),
            picky=attempt < _PICKY_ATTEMPTS,
        )
        protected = protect(placer, layout.site.at, streams) if brief.civilians else ()
        placer.keep_out = tuple(site.disc for site in protected)
        self._progress("routes", 50)
        book = give_orders(brief, layout, placer, assignments, forces.all, streams, moving=moving)
        exercise = schedule(brief, book.ordered)
        book = self._with_civilians(book, placer, layout, streams)
        return _Plan(layout, book, exercise, protected), words, forces

    def _with_civilians(self, book: OrderBook, placer: Placer, layout: Layout, streams: Streams) -> OrderBook:
        if not self._brief.civilians:
            return book
        placer.keep_out = ()
        towns = [town.at for town in placer.ground.terrain.settlements] or [layout.objective]
        groups = civil_groups(self._catalogue, self._options.density_percent)
        standing = tuple(
            Standing(
                SideId.CIVIL, group.top, place_group(group, towns, index, placer, streams), False, "", group.top.id
            )
            for index, group in enumerate(groups)
        )
        return OrderBook(book.standing + standing, book.ordered, book.places)

    # ------------------------------------------------------------ writing

    def _write(self, built: BuiltTerrain, plan: _Plan, words: CodeWords, forces: Forces) -> Scenario:
        brief, layout, terrain = self._brief, plan.layout, built.terrain
        area = make_area(brief, self._streams, built.ground.side_cm // 100, built.ground.cell_cm // 100)
        objective = make_objective(brief, layout, words)
        measures = draw_measures(
            brief, layout, objective, plan.book.places, plan.book.ordered, plan.protected, words, built.ground.side_cm
        )
        units = units_of(plan.book, layout, self._options.difficulty)
        tasks = tasks_of(plan.book, plan.exercise)
        environment = make_environment(brief, area, plan.exercise.duration_s, self._streams)
        self._progress("injects", 80)
        routes = tuple(order.route for order in plan.book.ordered if order.route is not None)
        injects = write_injects(
            brief, layout, objective, terrain, units, tasks, routes, plan.exercise.duration_s,
            self._options.injects, self._streams,
        )  # fmt: skip
        roe = rules_of_engagement(brief.roe)
        self._progress("orders", 86)
        facts = Facts(
            brief, layout, area, terrain, environment, plan.exercise, units, objective, measures, tasks, roe,
            forces.opponent,
        )  # fmt: skip
        used = {inject.training_objective for inject in injects}
        goals = write_training_objectives(facts.own_top, objective)
        return Scenario(
            title=write_title(facts),
            summary=write_summary(facts),
            recipe=self._recipe(),
            area=area,
            terrain=terrain,
            environment=environment,
            exercise=plan.exercise,
            sides=sides_of(forces, units),
            units=units,
            objectives=(objective,),
            control_measures=measures,
            routes=routes,
            tasks=tasks,
            injects=injects,
            training_objectives=tuple(goal for goal in goals if goal.id in used),
            roe=roe,
            opord=write_opord(facts),
        )

    def _recipe(self) -> Recipe:
        return Recipe(
            engine_version=ENGINE_VERSION,
            intent=self._intent,
            seed=self._streams.seed,
            options=self._options,
            catalogue_sha256=self._catalogue.digest,
            assumed=self._brief.assumed,
        )


def _attempt_streams(streams: Streams, attempt: int) -> Streams:
    """The streams themselves, then others derived from them."""
    return streams if attempt == 0 else Streams(streams.named(f"attempt.{attempt}").below(2**53))


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _needs(assignments: Sequence[Assignment]) -> Needs:
    """Mobility classes of each side on the ground, and the reach of the weapons that support by fire."""
    own: set[Mobility] = set()
    enemy: set[Mobility] = set()
    ranges = []
    for assignment in assignments:
        hostile = assignment.force.side is SideId.ENEMY
        for node in (assignment.force.top, *assignment.element.walk()):
            (enemy if hostile else own).add(node.kind.mobility)
        if not hostile and assignment.part.name.startswith("support"):
            ranges += [leaf.kind.weapon_range_m for leaf in assignment.element.leaves]
    ground = frozenset((Mobility.FOOT, Mobility.WHEELED, Mobility.TRACKED))
    foot = frozenset((Mobility.FOOT,))
    return Needs(
        frozenset(own) & ground or foot, frozenset(enemy) & ground or foot, min(ranges, default=1_000) or 1_000
    )
