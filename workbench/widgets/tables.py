"""What the studio says, as accessible HTML: chips, findings, ORBAT, MSEL and OPORD.

Everything that comes from a scenario or a prompt is escaped. Colours keep a contrast of 4.5:1 on both of Lab's
themes because text uses the theme's own variables; meaning never rests on colour alone.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from workbench.cartography import symbol_svg
from workbench.cartography.marginalia import CLASSIFICATION
from workbench.language.reading import Reading, SlotReading
from workbench.scenario.findings import Finding, Severity
from workbench.scenario.model import Scenario, Side, Unit

__all__ = [
    "Markup",
    "as_code",
    "assumptions",
    "banner",
    "chips",
    "error_box",
    "findings",
    "good",
    "hint",
    "msel",
    "opord",
    "orbat",
    "page",
    "release_note",
    "scenario_line",
    "table",
]

STYLE: Final = """<style>
.pacai{font-family:var(--jp-ui-font-family,sans-serif);font-size:13px;color:var(--jp-ui-font-color1,#1f1f1f)}
.pacai table{border-collapse:collapse;width:100%}
.pacai th,.pacai td{text-align:left;padding:3px 8px;vertical-align:top;
border-bottom:1px solid var(--jp-border-color2,#ccc)}
.pacai th{position:sticky;top:0;background:var(--jp-layout-color2,#eee)}
.pacai .scroll{max-height:560px;overflow:auto}
.pacai .chip{display:inline-block;margin:2px 6px 2px 0;padding:1px 8px;border:1px solid var(--jp-border-color1,#888);
border-radius:10px}
.pacai .box{padding:6px 10px;border-left:4px solid;margin:4px 0;background:var(--jp-layout-color2,#f4f4f4)}
.pacai .error{border-color:#b3261e}.pacai .warning{border-color:#8a5a00}.pacai .good{border-color:#2e6b2e}
.pacai .info{border-color:#0b5fa5}
.pacai h4{margin:10px 0 2px}
.pacai small{opacity:.8}
.pacai summary{cursor:pointer;margin:4px 0}
.pacai pre{white-space:pre-wrap;margin:4px 0}
.pacai .banner{background:#1a1a1a;color:#fff;text-align:center;font-weight:bold;letter-spacing:1px;padding:2px}
.leaflet-container .leaflet-div-icon{background:none;border:none}
</style>"""

SYMBOL_PX: Final = 26
INDENT: Final = "\u2003"
MARKS: Final = {Severity.ERROR: "✖ error", Severity.WARNING: "▲ warning", Severity.INFO: "● note"}


class Markup(str):
    """HTML of our own making, free of words from a scenario or a prompt."""

    __slots__ = ()


def page(content: str) -> str:
    """Content with the style that all of it shares."""
    return f'{STYLE}<div class="pacai">{content}</div>'


def hint(sentence: str) -> str:
    """A quiet line: what will appear here."""
    return page(f'<div class="box info" role="status">{escape(sentence)}</div>')


def good(sentence: str) -> str:
    """Something that was checked and holds."""
    return page(f'<div class="box good" role="status">✔ {escape(sentence)}</div>')


def error_box(sentence: str) -> str:
    """A refusal, in place and in words."""
    return page(f'<div class="box error" role="alert"><b>Not done.</b> {escape(sentence)}</div>')


def banner() -> str:
    """The classification line that stands above everything."""
    return page(f'<div class="banner" role="note">{CLASSIFICATION}</div>')


def assumptions(scenario: Scenario) -> str:
    """What the prompt left open and the composer filled, folded away until asked for."""
    assumed = [filled.partition("=") for filled in scenario.recipe.assumed]
    shown = "".join(_pair(slot, value) for slot, _, value in assumed)
    return page(
        f"<details><summary>Assumed, because the prompt left it open: {len(assumed)}</summary>{shown}</details>"
    )


def as_code(prompt: str, seed: int) -> str:
    """The line of Python that does what the button did."""
    return page(
        f"<details><summary>As Python</summary><pre>studio.generate({escape(repr(prompt))}, seed={seed})</pre></details>"
    )


def chips(reading: Reading) -> str:
    """What was understood, from which words and how surely; then contradictions and notes."""
    told = [slot for slot in reading.slots if slot.source != "default" and slot.value not in (None, [], "")]
    shown = "".join(_chip(slot, reading.prompt) for slot in told) or "nothing specific: everything is assumed"
    notes = "".join(f'<div class="box warning" role="alert">{escape(note)}</div>' for note in reading.notes)
    return page(f"<div><b>Understood:</b> {shown}</div>{notes}")


def _chip(slot: SlotReading, prompt: str) -> str:
    value = ", ".join(slot.value) if isinstance(slot.value, list) else str(slot.value)
    words = " … ".join(prompt[span.start : span.end] for span in slot.evidence)
    source = f"{slot.source}, {slot.confidence_percent} %"
    tip = f"from “{words}”, {slot.confidence_percent} % sure ({slot.source})" if words else source
    disputed = f" or {', '.join(slot.candidates)}?" if len(slot.candidates) > 1 else ""
    return _pair(slot.slot, value, note=source + disputed, tip=tip)


def _pair(slot: str, value: str, *, note: str = "", tip: str = "") -> str:
    small = f" <small>{escape(note)}</small>" if note else ""
    return (
        f'<span class="chip" title="{escape(tip)}">{escape(slot.replace("_", " "))}: '
        f"<b>{escape(value.replace('_', ' '))}</b>{small}</span>"
    )


def scenario_line(scenario: Scenario, digest: str) -> str:
    """Title, key figures and digest."""
    figures = f"{len(scenario.units)} units, {len(scenario.tasks)} tasks, {len(scenario.injects)} injects"
    return page(
        f'<div class="box good" role="status"><b>{escape(scenario.title)}</b><br>{escape(scenario.summary)}<br>'
        f"{figures}. Digest {escape(digest)}</div>"
    )


def findings(found: Sequence[Finding]) -> str:
    """Findings, errors first; a clean scenario says so."""
    if not found:
        return good("No findings: every rule holds.")
    order = list(Severity)
    rows = sorted(found, key=lambda finding: order.index(finding.severity))
    return page(
        table(
            ("", "rule", "where", "what", "what to do"),
            ((MARKS[f.severity], f.rule, f.where, f.message, f.fix) for f in rows),
        )
    )


def orbat(scenario: Scenario) -> str:
    """The order of battle, a table per side, indented by command."""
    return page("".join(_orbat_of(side, scenario) for side in scenario.sides))


def _orbat_of(side: Side, scenario: Scenario) -> str:
    units = [unit for unit in scenario.units if unit.side is side.id]
    if not units:
        return ""
    depth: dict[str, int] = {}
    for unit in units:
        depth[unit.id] = depth[unit.parent] + 1 if unit.parent in depth else 0
    people = sum(unit.personnel for unit in units)
    heading = f"<h4>{escape(side.name)} ({side.affiliation.value}): {len(units)} units, {people} people</h4>"
    rows = (_orbat_row(unit, depth[unit.id], scenario) for unit in units)
    return heading + table(("", "unit", "callsign", "echelon", "people", "equipment", "task"), rows)


def _orbat_row(unit: Unit, depth: int, scenario: Scenario) -> tuple[str, ...]:
    tasks = [task.verb.value.replace("_", " ") for task in scenario.tasks if task.unit == unit.id]
    return (
        Markup(symbol_svg(unit.sidc, frame_px=SYMBOL_PX)),
        INDENT * depth + unit.name,
        unit.callsign,
        unit.echelon.value,
        str(unit.personnel),
        ", ".join(f"{item.count} × {item.name}" for item in unit.equipment),
        "reserve" if unit.reserve else ", ".join(tasks),
    )


def msel(scenario: Scenario) -> str:
    """The master scenario events list."""
    names = {unit.id: unit.short_name for unit in scenario.units}
    rows = (
        (
            str(i.number),
            _clock(i.at_s),
            i.title,
            names.get(i.recipient, i.recipient),
            i.text,
            i.expected_action,
            i.assessor,
        )
        for i in scenario.injects
    )
    return page(table(("no.", "H +", "inject", "to", "what they receive", "expected", "assessor"), rows))


def opord(scenario: Scenario) -> str:
    """The operation order in five paragraphs."""
    order = scenario.opord
    paragraphs = (
        ("1. Situation", order.situation),
        ("2. Mission", order.mission),
        ("3. Execution", order.execution),
        ("4. Sustainment", order.sustainment),
        ("5. Command and signal", order.command_and_signal),
    )
    return page("".join(f"<h4>{title}</h4><p>{escape(text)}</p>" for title, text in paragraphs))


def release_note(package: dict[str, Any], commands: str) -> str:
    """What was signed, by what, and how anyone checks it."""
    signer = package["signer"]
    honest = (
        "a software signer, for evaluation" if signer["kind"] == "software" else f"{signer['kind']} {signer['serial']}"
    )
    marked = " The package is marked EVALUATION." if package["evaluation"] else ""
    return page(
        f'<div class="box good" role="status">✔ Package <b>{escape(package["package_id"])}</b> for '
        f"{escape(package['target'])} was signed by {escape(honest)} and stored.{marked}<br>"
        f"manifest {escape(package['manifest_sha256'])}</div>"
        f"<p>Anyone checks it with stock tools:</p><pre>{escape(commands)}</pre>"
        f"<p>To save the package as a file: notebook <b>03_release</b>, or in Python:</p>"
        f"<pre>studio.client.download({escape(repr(package['package_id']))}, Path('package.zip'))</pre>"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A scrolling table with a header row; every cell but :class:`Markup` of ours is escaped."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(cell: str) -> str:
    return cell if isinstance(cell, Markup) else escape(cell)


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02d}:{rest // 60:02d}"
