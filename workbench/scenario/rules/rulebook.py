"""All rules, in the order in which their findings are reported."""

from typing import Final

from workbench.scenario.findings import Severity
from workbench.scenario.rules import document, events, forces, identity, movement, placement, tasking
from workbench.scenario.rules.book import Judge, Rule

__all__ = ["RULES"]


def _error(name: str, title: str, why: str, judge: Judge) -> Rule:
    return Rule(name, Severity.ERROR, title, why, judge)


def _warning(name: str, title: str, why: str, judge: Judge) -> Rule:
    return Rule(name, Severity.WARNING, title, why, judge)


RULES: Final[tuple[Rule, ...]] = (
    _error("identity.ids", "every identifier is used once", "references would be ambiguous", identity.ids_unique),
    _error("identity.references", "everything that is named exists", "an engine that follows a dangling reference stops or guesses", identity.references_exist),
    _warning("identity.names", "names of units and measures are unique", "people speak by name; two alike cause confusion", identity.names_unique),
    _error("identity.callsigns", "callsigns are unique", "two stations answer one call", identity.callsigns_unique),
    _error("unit.echelon", "echelons descend in the order of battle", "a company does not command a battalion", forces.echelons_descend),
    _error("unit.parent", "a unit and its parent are on one side, without circles", "simulators build the tree from the top", forces.parents_agree),
    _error("unit.area", "every unit stands in the area", "there is no ground outside", placement.units_inside),
    _error("unit.passable", "every unit stands where its mobility class can be", "tanks in lakes are what generators are known for", placement.units_passable),
    _error("unit.spacing", "units keep the spacing of their echelon", "a field report found 54 units on one point; leaving the pile took minutes", placement.units_spaced),
    _error("unit.symbol", "symbols show side and echelon", "map and order must agree", forces.symbols_agree),
    _error("unit.strength", "people and equipment agree", "vehicles without crews do not move", forces.strength_agrees),
    _error("side.affiliation", "each side is listed once with its affiliation", "friend and foe must not be mixed up", forces.affiliations_fit),
    _error("task.assigned", "every manoeuvre and fires unit has a task or is the reserve", "a generated order tasked 8.6 percent of its units", tasking.everyone_tasked),
    _error("task.window", "tasks lie inside the exercise", "a generated order began hours after the end", tasking.tasks_in_exercise),
    _warning("task.phase", "tasks start in the phase they name", "order and timeline would disagree", tasking.tasks_in_phase),
    _error("task.sequence", "a unit does one task at a time", "a simulator drops one of two tasks at once", tasking.tasks_in_turn),
    _error("task.feasible", "the time of a task is enough for its route", "units cannot be late by plan", tasking.tasks_fit_route),
    _error("target.self", "no unit is its own target", "42 of 42 tasks of a generated order were", tasking.targets_not_self),
    _error("target.hostile", "engagement tasks have an enemy target", "attack verbs without a foe degrade to a march", tasking.hostile_targets),
    _error("target.friendly", "escort, relief, rescue, evacuation and supply are for friends", "nobody escorts the enemy", tasking.friendly_targets),
    _error("fires.protected", "no fire is planned on a no-fire area", "protected sites stay protected", tasking.fires_clear_of_protected),
    _error("fires.sight", "support by fire sees its target or the objective", "direct fire needs line of sight", tasking.support_sees),
    _error("route.traversable", "every leg of a route can be travelled", "one of three moves of a generated order could be executed", movement.routes_traversable),
    _error("route.length", "routes are as long as they say", "times are reckoned from lengths", movement.routes_measured),
    _error("route.speed", "no route is faster than its mobility class", "times would be wishes", movement.routes_not_too_fast),
    _error("route.start", "routes start where their unit is, in its mobility class", "units do not jump", movement.routes_start_at_unit),
    _error("route.end", "routes end near the place of their task", "a unit must get where it is sent", movement.routes_end_at_objective),
    _warning("route.used", "every route belongs to a task", "leftovers confuse", movement.routes_used),
    _error("objective.area", "objectives lie in the area", "there is no ground outside", placement.objectives_inside),
    _error("objective.ground", "objectives lie on ground of their kind", "a bridge objective needs a bridge", placement.objectives_plausible),
    _error("objective.protected", "objectives and troops keep off protected sites", "the law of armed conflict", placement.objectives_unprotected),
    _error("measure.area", "control measures lie in the area and have enough points", "a line needs two ends", placement.measures_inside),
    _error("phase.order", "phases follow each other inside the exercise", "tasks are hung on phases", document.phases_in_turn),
    _error("inject.order", "injects are in order of time", "controllers work down the list", events.injects_ordered),
    _warning("inject.number", "injects are numbered in order", "controllers speak of numbers", events.injects_numbered),
    _error("inject.window", "injects lie inside the exercise", "nobody is there afterwards", events.injects_in_exercise),
    _error("inject.cycle", "dependencies of injects have no circle", "none of them could ever happen", events.injects_acyclic),
    _error("inject.after", "injects come after what they depend on", "effects do not precede causes", events.injects_follow),
    _error("inject.area", "injects happen in the area", "there is no ground outside", events.injects_inside),
    _warning("inject.recipient", "injects go to the trained side", "the exercise trains the own side", events.recipients_own),
    _error("inject.assessor", "each inject has text, expected action and assessor", "what nobody watches trains nobody", events.assessors_present),
    _error("training.assessed", "each training objective is assessed, twice where the list is long enough", "an objective without assessment cannot be reached", events.objectives_assessed),
    _error("asked.threats", "threats asked for are played", "the prompt is the order to the composer", forces.threats_present),
    _error("asked.assets", "own assets asked for are there", "the prompt is the order to the composer", forces.assets_present),
    _error("asked.size", "forces have the size asked for", "the prompt is the order to the composer", forces.sizes_as_asked),
    _error("asked.civilians", "civilians are there or not as asked", "the prompt is the order to the composer", events.civilians_as_asked),
    _error("asked.duration", "the exercise lasts as long as asked", "range time is booked", document.duration_as_asked),
    _error("asked.weather", "weather asked for occurs", "the prompt is the order to the composer", document.weather_as_asked),
    _warning("asked.light", "the exercise starts in the light asked for", "near the poles it may not exist that day", document.light_agrees),
    _error("weather.order", "weather is in order of time and agrees with itself", "a clear sky does not rain", document.weather_in_turn),
    _error("terrain.grids", "the grids are whole and belong to the document", "nothing can be proven without the ground", document.grids_whole),
    _error("terrain.size", "the grids cover the area", "positions are read from them", document.grids_fit_area),
    _error("terrain.range", "the height range agrees with the grid", "exporters scale heights by it", document.heights_agree),
    _warning("terrain.crossings", "crossings show on the ground", "routes rely on them", document.crossings_on_water),
    _warning("terrain.roads", "roads stay on land", "a road in a lake is a drawing error", document.roads_on_land),
    _error("opord.complete", "the order has its five paragraphs", "an order without a mission is none", document.opord_complete),
)  # fmt: skip
