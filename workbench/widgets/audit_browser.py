"""The auditor's view: filter the log, and have it verified in one plain sentence."""

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
        self.action = widgets.Text(description="Action", placeholder="such as scenario.generate")
        self.user = widgets.Text(description="User", placeholder="everyone")
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
        shown = self.frame.tail(ROWS)[[name for name in SHOWN if name in self.frame]]
        cells = (["" if pd.isna(value) else str(value) for value in row] for row in shown.itertuples(index=False))
        self.rows.value = tables.page(tables.table(list(shown.columns), cells))
        return self.frame

    def verify(self) -> bool:
        """Have the gateway verify the whole log; says and returns whether it is intact."""
        try:
            verdict = self.client.audit.verify()
        except PacaiError as error:
            self.verdict.value = tables.error_box(str(error))
            return False
        if verdict["ok"]:
            self.verdict.value = tables.good(f"{verdict['events']} events intact, head {verdict['head_hash']}")
        else:
            self.verdict.value = tables.error_box(f"event {verdict['first_bad_seq']} is bad: {verdict['reason']}")
        return bool(verdict["ok"])
