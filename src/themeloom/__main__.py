"""``python -m themeloom`` runs the command line."""

import sys

from themeloom.app.main import main

if __name__ == "__main__":
    sys.exit(main())
