"""The library of MSEL injects: what can happen, what it trains and what the trainee is expected to do.

In texts ``{unit}`` is the recipient's name, ``{callsign}`` its callsign, ``{grid}`` the place of the event,
``{objective}`` the objective and ``{place}`` the nearest named place.
"""

from dataclasses import dataclass
from typing import Final, Literal

from workbench.scenario.intent import Threat

__all__ = ["INJECTS", "OBJECTIVES", "Goal", "InjectTemplate"]

Channel = Literal["radio", "data", "phone", "visual", "face_to_face", "exercise_control"]
Where = Literal["objective", "unit", "way", "enemy"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A training objective."""

    key: str
    statement: str
    measures: tuple[str, ...]
    assessor: str


@dataclass(frozen=True, slots=True)
class InjectTemplate:
    key: str
    goal: str
    title: str
    text: str
    expected: str
    sender: str
    channel: Channel = "radio"
    early: int = 10
    late: int = 90
    """Percent of the exercise between which it happens."""
    where: Where = "unit"
    threat: Threat | None = None
    civil: bool = False
    enemy: bool = False
    """Makes sense only where there is an enemy."""
    stance: Literal["approach", "hold"] | None = None
    """Of the scheme of manoeuvre that it fits; any where it says none."""
    follows: str | None = None
    by_hand: bool = False


OBJECTIVES: Final = (
    Goal(
        "manoeuvre",
        "{top} carries out its mission at {objective} in accordance with the order and on time.",
        ("Each phase begins within 10 percent of its planned time.", "The main effort is supported when it needs it."),
        "Observer 1 (Manoeuvre)",
    ),
    Goal(
        "command",
        "The commander of {top} decides in time and keeps everyone informed when the situation changes.",
        ("A fragmentary order is issued within 15 minutes of a change.", "Reports are complete and reach the next level within 5 minutes."),
        "Observer 2 (Command)",
    ),
    Goal(
        "protection",
        "Subordinate leaders recognise threats and protect their troops against them.",
        ("The immediate action drill begins within 60 seconds.", "A warning is passed to neighbouring units within 3 minutes."),
        "Observer 3 (Force Protection)",
    ),
    Goal(
        "sustainment",
        "Casualties are treated and moved, and supplies keep pace with the operation.",
        ("An urgent casualty reaches treatment within 60 minutes.", "No element halts for lack of ammunition, fuel or water."),
        "Observer 4 (Sustainment)",
    ),
    Goal(
        "civil",
        "Soldiers apply the rules of engagement and protect civilians and protected sites.",
        ("No fire falls within a no-fire area.", "Every contact with civilians is reported and handled as ordered."),
        "Observer 5 (Rules of Engagement)",
    ),
)  # fmt: skip

T = InjectTemplate

INJECTS: Final = (
    # ------------------------------------------------------------ threats
    T("drone_seen", "protection", "Enemy drone overhead", "A small quadcopter circles over {unit} near {grid} at about 100 metres.",
      "{unit} reports the drone, takes cover from view, engages it as the rules of engagement allow and changes position.",
      "Exercise control", "visual", 10, 60, threat=Threat.DRONES),
    T("drone_strike", "sustainment", "Drone attack causes casualties", "A first-person-view drone explodes beside a vehicle of {unit} near {grid}. Two soldiers are wounded.",
      "{unit} treats the wounded under cover, sends a nine-line request and disperses.",
      "Exercise control", "exercise_control", 40, 85, threat=Threat.DRONES, follows="drone_seen"),
    T("ied_find", "protection", "Suspicious object on the route", "Disturbed earth and a wire lead to a culvert at {grid}.",
      "{unit} halts, confirms from a distance, clears, cordons and reports with a ten-line explosive hazard report.",
      "Exercise control", "visual", 15, 60, "way", threat=Threat.IED),
    T("ied_strike", "sustainment", "Explosion on the route", "An improvised device explodes at {grid}. One vehicle is immobilised and there are three casualties.",
      "{unit} secures the site, searches for a second device, treats and evacuates the casualties.",
      "Exercise control", "exercise_control", 45, 80, "way", threat=Threat.IED, follows="ied_find"),
    T("mines", "protection", "Minefield reported", "The lead vehicle finds surface-laid mines and fresh tracks at {grid}.",
      "{unit} stops, marks the edge, reports the obstacle and asks for engineers or finds a way round.",
      "Exercise control", "visual", 20, 70, "way", threat=Threat.MINES),
    T("artillery_fire", "protection", "Enemy artillery fire", "Ten rounds of artillery land 200 metres from {unit} near {grid}; a drone was seen shortly before.",
      "{unit} moves out of the impact area, reports the shelling and asks for counter-battery fire.",
      "Exercise control", "exercise_control", 25, 80, threat=Threat.ARTILLERY),
    T("jamming", "command", "Radio nets jammed", "The command net of {unit} is unusable; satellite navigation shows wrong positions.",
      "{unit} changes to the alternate means of the signal order, reports the jamming and goes on by map and compass.",
      "Exercise control", "data", 20, 70, threat=Threat.EW),
    T("cbrn", "protection", "Chemical alarm", "A detector of {unit} alarms near {grid}; two soldiers have pinpoint pupils and cough.",
      "{unit} masks, sends a CBRN 1 report, marks the area and begins decontamination.",
      "Exercise control", "exercise_control", 30, 75, threat=Threat.CBRN),
    T("air_attack", "protection", "Air attack warning RED", "Two fast low-flying aircraft approach {unit} from the enemy side.",
      "{unit} takes air defence measures, disperses and reports type, number and direction.",
      "Higher headquarters", "radio", 20, 75, threat=Threat.AIR),
    T("anti_tank", "protection", "Anti-tank missile fired", "An anti-tank missile is fired at {unit} from about 1,500 metres and misses.",
      "{unit} moves into cover, smokes off the line of sight, reports the position and suppresses it.",
      "Exercise control", "visual", 25, 80, threat=Threat.ANTI_TANK),
    T("sniper", "protection", "Sniper fire", "A single shot wounds a section leader of {unit} near {grid}.",
      "{unit} takes cover, finds the firing point, isolates it and treats the wounded leader.",
      "Exercise control", "exercise_control", 25, 80, threat=Threat.SNIPER),
    T("air_defence", "command", "Air defence radar detected", "Supporting aircraft report a surface-to-air missile radar near {grid} and turn away.",
      "{unit} reports the radar, asks for it to be suppressed and goes on without air support.",
      "Supporting aircraft", "radio", 20, 70, "enemy", threat=Threat.AIR_DEFENSE),
    T("cyber", "command", "Battle management system compromised", "The battle management system shows own units in false positions and messages that nobody sent.",
      "{unit} stops trusting the system, confirms positions by voice and reports a cyber incident.",
      "Exercise control", "data", 20, 70, threat=Threat.CYBER),
    # ------------------------------------------------------------ manoeuvre
    T("early_warning", "manoeuvre", "Enemy earlier than expected", "Higher headquarters reports that the enemy near {objective} is moving an hour earlier than assessed.",
      "{unit} shortens its preparation without losing control and reports when it is ready.",
      "Higher headquarters", "radio", 5, 30, "objective", enemy=True),
    T("route_blocked", "manoeuvre", "Route blocked", "A fallen tree and a broken-down lorry block the route at {grid}.",
      "{unit} reconnoitres a bypass, reports it and keeps its timings.",
      "Exercise control", "visual", 20, 55, "way", stance="approach"),
    T("strongpoint", "manoeuvre", "Strongpoint not in the assessment", "{unit} is fired at from a building that was assessed as empty, at {grid}.",
      "{unit} fixes the strongpoint, reports it and asks for fire or a flanking element.",
      "Exercise control", "exercise_control", 40, 75, "objective", enemy=True, stance="approach"),
    T("counter_attack", "manoeuvre", "Counter-attack", "Vehicles and dismounted troops approach {objective} from the enemy side.",
      "{unit} takes up hasty defence, calls for fire and commits the reserve if it must.",
      "Exercise control", "visual", 70, 95, "objective", enemy=True, stance="approach"),
    T("break_in", "manoeuvre", "Enemy breaks in", "Enemy troops have reached the edge of the position of {unit} at {grid}.",
      "{unit} blocks the break-in, calls for fire and asks for the reserve or counter-attacks.",
      "Exercise control", "exercise_control", 45, 85, enemy=True, stance="hold"),
    T("gap", "manoeuvre", "Gap between positions", "A patrol finds a covered approach between {unit} and its neighbour, at {grid}.",
      "{unit} covers the gap by observation and fire and coordinates with the neighbour.",
      "Subordinate stations", "radio", 10, 60, stance="hold"),
    T("reserve", "manoeuvre", "Reserve to be committed", "The main effort is held up at {grid}.",
      "The commander decides whether to commit the reserve, where and when, and tells the neighbours.",
      "{callsign}", "radio", 45, 80, "objective"),
    T("lost_element", "manoeuvre", "Element out of contact", "One element of {unit} has not reported for 20 minutes; its last position is {grid}.",
      "{unit} tries the alternate means, sends a link-up party and adjusts the plan.", "Exercise control", "exercise_control", 25, 80),
    # ------------------------------------------------------------ command
    T("frago", "command", "Change of mission", "Higher headquarters orders {unit} to be ready to continue two kilometres beyond {objective} on order.",
      "The commander issues a warning order and a short estimate within 15 minutes.",
      "Higher headquarters", "radio", 45, 80, stance="approach"),
    T("hold_longer", "command", "Change of timings", "Higher headquarters asks {unit} whether it can hold {objective} two hours longer than ordered.",
      "The commander makes a short estimate, answers with conditions and warns the subordinates.",
      "Higher headquarters", "radio", 35, 75, stance="hold"),
    T("commander_out", "command", "Commander falls out", "The commander of {unit} is out of action.",
      "The second in command takes over, tells everyone and confirms the plan.", "Exercise control", "exercise_control", 35, 80),
    T("press_of_reports", "command", "Conflicting reports", "Two subordinates report the same enemy group in different places.",
      "{unit} compares times and sources, asks back and passes on one assessed report.", "Subordinate stations", "radio", 20, 75, enemy=True),
    T("vip", "command", "Request for a situation report", "Higher headquarters asks {unit} for a full situation report in ten minutes.",
      "{unit} sends a complete report in the ordered format without losing control of the operation.", "Higher headquarters", "radio", 15, 85),
    T("map_error", "command", "Boundary infringement", "A neighbouring force reports troops of {unit} outside the right boundary.",
      "{unit} checks positions, coordinates with the neighbour and reports.", "Neighbouring force", "radio", 30, 75),
    # ------------------------------------------------------------ protection
    T("perimeter", "protection", "Unknown persons near the position", "Two persons with binoculars are watching {unit} from near {grid}.",
      "{unit} reports, observes, and checks them with minimum force.", "Exercise control", "visual", 10, 80),
    T("vehicle_roll", "protection", "Traffic accident", "A supply vehicle on its way to {unit} slides off the track near {grid}; the crew is shaken but unhurt.",
      "{unit} secures the site, recovers the vehicle and reports.", "Exercise control", "exercise_control", 15, 75, "way"),
    T("light", "protection", "Light and noise discipline", "Higher headquarters sees lights at the position of {unit} through a night sight.",
      "{unit} restores discipline and changes position if it was compromised.", "Higher headquarters", "radio", 10, 90),
    # ------------------------------------------------------------ sustainment
    T("casualty", "sustainment", "Urgent casualty", "A soldier of {unit} is badly hurt at {grid} and needs surgery within the hour.",
      "{unit} gives first aid, sends a nine-line request and moves the casualty to the exchange point.", "Exercise control", "exercise_control", 30, 85),
    T("medevac_delay", "sustainment", "Evacuation delayed", "The ambulance for the casualty of {unit} is delayed by 40 minutes.",
      "{unit} prolongs field care, finds other transport and reports.", "Medical regulating cell", "radio", 50, 92, follows="casualty"),
    T("ammunition", "sustainment", "Ammunition below one third", "The main effort reports that it is below one third of its ammunition.",
      "{unit} redistributes, asks for resupply and protects the exchange.", "{callsign}", "radio", 45, 90),
    T("breakdown", "sustainment", "Breakdown", "A key piece of equipment of {unit} fails and cannot be repaired on the spot.",
      "{unit} cross-loads, arranges recovery and reports the loss in capability.", "Exercise control", "exercise_control", 15, 80),
    T("water", "sustainment", "Water unfit for use", "A test shows that the water supplied to {unit} is contaminated.",
      "{unit} stops its use, warns the neighbours and asks for resupply.", "Medical regulating cell", "phone", 10, 60),
    # ------------------------------------------------------------ civil
    T("civil_movement", "civil", "Civilians on the move", "About forty civilians with handcarts come towards {unit} near {grid}.",
      "{unit} keeps the route open, lets the civilians pass safely, and reports.", "Exercise control", "visual", 15, 70, civil=True),
    T("civil_wounded", "civil", "Civilian asks for help", "A civilian brings a wounded child to {unit} near {grid}.",
      "{unit} helps within its means, reports and involves the civil authorities.", "Exercise control", "face_to_face", 30, 85, civil=True),
    T("protected_site", "civil", "Fire from near a protected site", "Shots are reported from beside a no-fire area near {place}.",
      "{unit} does not return indirect fire, reports, observes and looks for another way.", "Exercise control", "visual", 35, 80, "objective", civil=True, enemy=True),
    T("media", "civil", "Reporter at the position", "A reporter and a camera operator ask {unit} for a statement.",
      "{unit} stays polite, gives no operational details and informs higher headquarters.", "Exercise control", "face_to_face", 20, 85, civil=True),
    T("complaint", "civil", "Complaint by a local leader", "A local leader from {place} complains about damage and asks to speak to the commander.",
      "{unit} listens, records the claim and arranges a meeting.", "Exercise control", "face_to_face", 25, 90, civil=True, by_hand=True),
    T("surrender", "civil", "Enemy soldiers surrender", "Three enemy soldiers come out with raised hands near {grid}.",
      "{unit} disarms, searches, protects and reports them as prisoners.", "Exercise control", "visual", 55, 92, "objective", enemy=True),
    T("roe_question", "civil", "Doubt about hostile intent", "A person near {grid} points something long at {unit}.",
      "{unit} challenges, escalates step by step as the rules of engagement say, and reports.", "Exercise control", "visual", 15, 85),
    T("property", "civil", "Damage to property", "A vehicle of {unit} has damaged a wall and a well near {place}.",
      "{unit} records the damage, informs the owner of the claims procedure and reports.", "Exercise control", "phone", 20, 85),
)  # fmt: skip
