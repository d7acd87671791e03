"""The studio: ask, generate, look, export and sign, in one widget.

    from workbench.widgets import Studio
    studio = Studio()
    studio

Everything that a button does is a method, so a notebook without a browser does the same::

    studio.generate("company attack on a bridge at dawn", seed=7)
    studio.export("godot")
"""

from collections.abc import Callable
from secrets import randbelow
from typing import Any, Final

import ipywidgets as widgets

from workbench.canonical import MAX_SAFE_INTEGER
from workbench.client import Client, StoredScenario
from workbench.errors import InputError, PacaiError
from workbench.scenario.model import Scenario
from workbench.widgets import tables
from workbench.widgets.tactical_map import TacticalMap

__all__ = ["Studio"]

EXAMPLE: Final = "Company attack on a defended bridge at dawn, rain, enemy drones, civilians present"
DICE_SIDES: Final = 1_000_000
TARGETS: Final = (("Godot 4 project", "godot"), ("Scenario file (.pacai)", "pacai"))
TABS: Final = ("Map", "Findings", "ORBAT", "MSEL", "OPORD", "Map sheet")
SHEET_TAB: Final = TABS.index("Map sheet")
SHEET_PX: Final = 1400
VERIFY: Final = (
    "ssh-keygen -Y verify -f allowed_signers -I release@pacai -n release@pacai -s MANIFEST.sig < MANIFEST\n"
    "sha256sum -c --strict MANIFEST"
)


class Studio(widgets.VBox):  # type: ignore[misc]  # ipywidgets is untyped
    """The analyst's working place over one gateway."""

    def __init__(self, client: Client | None = None, *, prompt: str = EXAMPLE, seed: int = 1) -> None:
        self.client = client or Client.connect()
        self.made: StoredScenario | None = None
        self.package: dict[str, Any] | None = None
        self._ask_row(prompt, seed)
        self._result_tabs()
        self._release_row()
        super().__init__(
            [
                widgets.HTML(tables.banner(), layout=widgets.Layout(width="100%")),
                widgets.HTML("<h2 style='margin:0'>Scenario studio</h2>"),
                self.prompt,
                widgets.HBox([self.seed, self.dice, self.go]),
                self.progress,
                self.said,
                self.tabs,
                widgets.HBox([self.target, self.sign]),
                self.released,
            ]
        )
        self.add_class("pacai-studio")

    @property
    def scenario(self) -> Scenario:
        """The scenario on the table.

        Raises:
            InputError: nothing was generated yet.
        """
        return self._on_table().scenario

    def generate(self, prompt: str | None = None, seed: int | None = None) -> StoredScenario:
        """Make a scenario and show it.

        Raises:
            PacaiError: what the gateway refused, after it was shown in place.
        """
        if prompt is not None:
            self.prompt.value = prompt
        if seed is not None:
            self.seed.value = str(seed)
        self._working(True)
        try:
            made = self.client.generate(self.prompt.value, self._seed(), on_progress=self._move)
            self._show(made)
        except PacaiError as error:
            self.progress.description = "stopped"
            self.said.value = tables.error_box(str(error))
            raise
        finally:
            self._working(False)
        return made

    def export(self, target: str | None = None) -> dict[str, Any]:
        """Build, sign and store a package of the scenario on the table.

        Raises:
            PacaiError: what the gateway refused, after it was shown in place.
        """
        self.sign.disabled = True
        self.released.value = tables.hint("Building and signing …")
        try:
            self.package = self.client.release(self._on_table(), target or self.target.value)
        except PacaiError as error:
            self.released.value = tables.error_box(str(error))
            raise
        finally:
            self.sign.disabled = self.made is None
        self.released.value = tables.release_note(self.package, VERIFY)
        return self.package

    def roll(self) -> int:
        """A new seed from the dice."""
        self.seed.value = str(randbelow(DICE_SIDES))
        return int(self.seed.value)

    # ---------------------------------------------------------------- parts

    def _ask_row(self, prompt: str, seed: int) -> None:
        wide = widgets.Layout(width="100%", height="64px")
        self.prompt = widgets.Textarea(
            value=prompt, description="Prompt", placeholder="Say in a sentence what to train", layout=wide
        )
        self.seed = widgets.Text(
            value=str(seed),
            description="Seed",
            tooltip="0 … 9007199254740991; same prompt and seed, same scenario",
        )
        self.dice = widgets.Button(description="Roll", icon="random", tooltip="Another seed")
        self.go = widgets.Button(
            description="Generate", icon="play", button_style="primary", tooltip="Make the scenario"
        )
        self.progress = widgets.IntProgress(
            value=0,
            max=100,
            description="ready",
            layout=widgets.Layout(width="100%"),
            style={"description_width": "90px"},
        )
        self.said = widgets.HTML(
            tables.hint("Say what to train, then press Generate. What you leave open is assumed and listed.")
        )
        self.dice.on_click(lambda _: self.roll())
        self.go.on_click(lambda _: self._quietly(self.generate))

    def _result_tabs(self) -> None:
        empty = tables.hint("Nothing here yet: generate a scenario.")
        self.map_box = widgets.VBox([widgets.HTML(empty)])
        self._texts = {name: widgets.HTML(empty) for name in TABS[1:SHEET_TAB]}
        self.sheet_box = widgets.VBox([widgets.HTML(empty)])
        self.tabs = widgets.Tab(children=[self.map_box, *self._texts.values(), self.sheet_box], titles=TABS)
        self.tabs.observe(lambda _: self._draw_sheet(), "selected_index")

    def _release_row(self) -> None:
        self.target = widgets.Dropdown(options=TARGETS, description="Package")
        self.sign = widgets.Button(
            description="Export and sign",
            icon="certificate",
            disabled=True,
            tooltip="Build, sign and store the package",
        )
        self.released = widgets.HTML("")
        self.sign.on_click(lambda _: self._quietly(self.export))

    # ---------------------------------------------------------------- steps

    def _quietly(self, act: Callable[[], object]) -> None:
        """Run for a button, where a traceback would go unseen into the kernel's log: say it in place instead."""
        try:
            act()
        except PacaiError:
            return
        except Exception as error:
            self.said.value = tables.error_box(f"an unexpected fault: {type(error).__name__}: {error}")
            raise

    def _on_table(self) -> StoredScenario:
        if self.made is None:
            raise InputError("generate a scenario first")
        return self.made

    def _seed(self) -> int:
        text = self.seed.value.strip()
        if not (text.isascii() and text.isdigit() and int(text) <= MAX_SAFE_INTEGER):
            raise InputError(f"the seed must be a whole number from 0 to {MAX_SAFE_INTEGER}, got {text!r}")
        return int(text)

    def _working(self, busy: bool) -> None:
        self.go.disabled = busy
        self.sign.disabled = busy or self.made is None
        if busy:
            self.progress.value, self.progress.description = 0, "asking"
            self.said.value = tables.hint("Working …")

    def _move(self, stage: str, percent: int) -> None:
        self.progress.value, self.progress.description = percent, stage

    def _show(self, made: StoredScenario) -> None:
        self.made, self.package = made, None
        scenario = made.scenario
        self.map_box.children = (TacticalMap(scenario, made.blobs),)
        self._texts["Findings"].value = tables.findings(made.findings)
        self._texts["ORBAT"].value = tables.orbat(scenario)
        self._texts["MSEL"].value = tables.msel(scenario)
        self._texts["OPORD"].value = tables.opord(scenario)
        self.said.value = "".join(
            (
                tables.chips(made.reading),
                tables.assumptions(scenario),
                tables.scenario_line(scenario, made.digest),
                tables.as_code(made.reading.prompt, scenario.recipe.seed),
            )
        )
        self.released.value = ""
        self.sheet_box.children = ()
        self._draw_sheet()
        self._move("done", 100)

    def _draw_sheet(self) -> None:
        """Draw the map sheet when it is first looked at: it takes a second or two."""
        if self.made is None or self.tabs.selected_index != SHEET_TAB or self.sheet_box.children:
            return
        picture = widgets.Image(value=self.made.map_png(width_px=SHEET_PX), format="png")
        picture.layout.max_width = "100%"
        self.sheet_box.children = (picture,)
