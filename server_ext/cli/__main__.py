"""``python -m server_ext.cli``: the same as ``pacai``."""

import sys

from server_ext.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
