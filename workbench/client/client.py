"""The workbench from Python: what the studio does, as calls.

client = Client.connect()
made = client.generate("company attack on a bridge at dawn", seed=7)
package = client.release(made, "godot")
client.download(package["package_id"], Path("release.zip"))
"""

import json
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Self

from workbench.client.audit import AuditClient
from workbench.client.connection import Connection
from workbench.client.generated import StoredScenario, read_answer
from workbench.client.problems import problem_error
from workbench.client.sse import ServerSentEvent
from workbench.errors import GatewayUnavailableError, InputError
from workbench.language.reading import Reading
from workbench.scenario.composition import Progress, no_progress
from workbench.scenario.intent import Intent
from workbench.scenario.model import Options

__all__ = ["Client"]

DEFAULT_ADDRESS: Final = "http://127.0.0.1:3000"
Document = dict[str, Any]


class Client:
    """A signed-in user's view of a gateway. Holds no secret but the token it was given."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.audit = AuditClient(connection)

    @classmethod
    def connect(cls, address: str | None = None, *, token: str | None = None) -> "Client":
        """Connect to ``address``, else ``$PACAI_GATEWAY``, else port 3000 of this machine; ``unix:/path`` works too.

        Nothing is sent yet: a gateway that is not there is noticed by the first call.
        """
        chosen = address or os.environ.get("PACAI_GATEWAY") or DEFAULT_ADDRESS
        return cls(Connection(chosen.rstrip("/"), token=token or os.environ.get("PACAI_TOKEN")))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def address(self) -> str:
        return self._connection.address

    # ---------------------------------------------------------------- scenarios

    def read(self, prompt: str) -> Reading:
        """What is understood of a prompt, without making anything."""
        return read_answer(Reading, self._connection.json("POST", "/intent", {"prompt": prompt}))

    def generate(
        self,
        prompt: str,
        seed: int,
        *,
        options: Options | None = None,
        intent: Intent | None = None,
        project: str | None = None,
        on_progress: Progress = no_progress,
    ) -> StoredScenario:
        """Make and store a scenario.

        Raises:
            PromptError, SeedError, OutOfScopeError, CompositionError: what was asked cannot be made.
            GatewayUnavailableError: nothing answers, or it went away half-way.
        """
        body: Document = {"prompt": prompt, "seed": seed, "stream": True}
        if options is not None:
            body["options"] = options.model_dump(mode="json")
        if intent is not None:
            body["intent"] = intent.model_dump(mode="json")
        if project is not None:
            body["project"] = project
        for message in self._connection.events("/generate", body):
            told = _told(message)
            if message.event == "result":
                return StoredScenario.from_answer(told, self.blob)
            if message.event == "error":
                raise problem_error(told, HTTPStatus.SERVICE_UNAVAILABLE)
            if message.event == "progress":
                on_progress(str(told.get("stage", "")), int(told.get("percent", 0)))
        raise GatewayUnavailableError("the gateway ended the generation without a result; ask again")

    def scenario(self, scenario_id: str, version: int | None = None) -> StoredScenario:
        """A stored scenario; its newest version where none is named."""
        path = f"/scenarios/{scenario_id}" + (f"/versions/{version}" if version is not None else "")
        return StoredScenario.from_answer(self._connection.json("GET", path), self.blob)

    def scenarios(self, project: str | None = None) -> list[Document]:
        return list(self._connection.json("GET", "/scenarios", params={"project": project})["scenarios"])

    def versions(self, scenario_id: str) -> list[Document]:
        return list(self._connection.json("GET", f"/scenarios/{scenario_id}/versions")["versions"])

    def blob(self, sha256: str) -> bytes:
        """A terrain grid by its SHA-256."""
        return self._connection.bytes(f"/blobs/{sha256}")

    def projects(self) -> list[Document]:
        return list(self._connection.json("GET", "/projects")["projects"])

    def create_project(self, name: str) -> Document:
        return dict(self._connection.json("POST", "/projects", {"name": name}))

    # ---------------------------------------------------------------- packages

    def release(self, made: StoredScenario, target: str) -> Document:
        """Build, sign and store the package of a scenario for a target, such as ``godot``."""
        body = {"scenario_id": made.scenario_id, "version": made.version, "target": target}
        return dict(self._connection.json("POST", "/packages", body))

    def packages(self) -> list[Document]:
        return list(self._connection.json("GET", "/packages")["packages"])

    def download(self, package_id: str, path: Path) -> Path:
        """Write the zip of a package to ``path``.

        Raises:
            InputError: the file cannot be written.
        """
        data = self._connection.bytes(f"/packages/{package_id}/download")
        try:
            path.write_bytes(data)
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
        return path

    # ---------------------------------------------------------------- state

    def health(self) -> Document:
        return dict(self._connection.json("GET", "/health"))

    def hsm(self) -> Document:
        return dict(self._connection.json("GET", "/hsm"))

    def licence(self) -> Document:
        return dict(self._connection.json("GET", "/license"))

    def roles(self) -> Document:
        return dict(self._connection.json("GET", "/roles"))

    def policy(self) -> Document:
        return dict(self._connection.json("GET", "/policy"))


def _told(message: ServerSentEvent) -> Document:
    """The JSON object of a server-sent event.

    Raises:
        GatewayUnavailableError: it is none.
    """
    try:
        document = json.loads(message.data)
    except ValueError as error:
        raise GatewayUnavailableError(f"the gateway sent a {message.event} that is not JSON") from error
    if not isinstance(document, dict):
        raise GatewayUnavailableError(f"the gateway sent a {message.event} that is not a JSON object")
    return document
