"""What a notebook imports: the scenario engine, the audit chain, the client and the widgets.

Nothing in this package holds a secret, speaks SQL or imports from ``server_ext`` or ``exporters``.
"""

__version__ = "4.0.0a1"

__all__ = ["__version__"]
