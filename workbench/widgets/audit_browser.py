"""The auditor's view: filter the log, and have it verified in one plain sentence."""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import pandas as pd

from workbench.client import Client
from workbench.errors import PacaiError
from workbench.widgets import tables

__all__ = ["AuditBrowser"]

SHOWN = ("seq", "time", "actor", "role", "action", "outcome", "project", "object")
ROWS = 200


class AuditBrowser(widgets.VBox):  # type: ignore[misc]  # ipywidgets is untyped
    """Events of the log, newest last; :attr:`frame` is what is shown."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client.connect()
        self.frame = pd.DataFrame()
        self.action = widgets.Combobox(description="Action", placeholder="all", ensure_option=False)
        self.user = widgets.Combobox(description="User", placeholder="everyone", ensure_option=False)
        self.apply = widgets.Button(description="Show", icon="filter", tooltip="Show the matching events")
        self.check = widgets.Button(
            description="Verify", icon="check", button_style="primary", tooltip="Check every event"
        )
        self.verdict = widgets.HTML(tables.hint("Verify checks the whole log: every link, every signed checkpoint."))
        self.rows = widgets.HTML()
        self.apply.on_click(lambda _: self.show())
        self.check.on_click(lambda _: self.verify())
        super().__init__([widgets.HBox([self.action, self.user, self.apply, self.check]), self.verdict, self.rows])
        self.show()

    def show(self) -> pd.DataFrame:
        """Fetch and show the events that the filters leave."""
        try:
            self.frame = self.client.audit.events(action=self.action.value or None, user=self.user.value or None)
        except PacaiError as error:
            self.rows.value = tables.error_box(str(error))
            return self.frame
        self._offer()
        shown = self.frame.tail(ROWS)[[name for name in SHOWN if name in self.frame]]
        cells = (["" if pd.isna(value) else str(value) for value in row] for row in shown.itertuples(index=False))
        count = f"{len(self.frame):,} events" + (f", the newest {ROWS} shown" if len(self.frame) > ROWS else "")
        listed = tables.page(tables.table(list(shown.columns), cells)) if len(shown) else ""
        self.rows.value = tables.hint(count if listed else "No event matches: widen the filters.") + listed
        return self.frame

    def verify(self) -> bool:
        """Have the gateway verify the whole log; says and returns whether it is intact."""
        try:
            verdict = self.client.audit.verify()
        except PacaiError as error:
            self.verdict.value = tables.error_box(str(error))
            return False
        if verdict["ok"]:
            self.verdict.value = tables.good(_intact(verdict))
        else:
            self.verdict.value = tables.error_box(f"event {verdict['first_bad_seq']} is bad: {verdict['reason']}")
        return bool(verdict["ok"])

    def _offer(self) -> None:
        """Offer what occurs in the log; a filtered view keeps what an earlier one offered."""
        for box, column in ((self.action, "action"), (self.user, "actor")):
            if column in self.frame:
                box.options = tuple(sorted({*box.options, *map(str, self.frame[column])}))


def _intact(verdict: Mapping[str, Any]) -> str:
    signed = verdict.get("checkpoints", 0)
    return f"{verdict['events']:,} events intact, {signed} signed checkpoints fit, head {verdict['head_hash']}"
