"""Room of the desk: server-rendered pages for privileged acts, on a host name of their own.

Nothing stands here yet. Until it does, approving and signing are done with ``POST /packages`` by a release
officer, and policy, tokens and licences by files and commands on the gateway's machine.
"""

__all__: list[str] = []
