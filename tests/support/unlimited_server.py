"""The local server without a limit for each sender, for tests that ask on and on from one address.

python -m tests.support.unlimited_server --data FOLDER …        as `python -m instica_desktop.server`
"""

import sys

from instica_desktop.server import settings
from instica_desktop.server.__main__ import main

if __name__ == "__main__":
    settings.SIGN_INS_PER_MINUTE = 0
    sys.exit(main())
