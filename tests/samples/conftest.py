"""Makes the `samples` package of the checkout importable, and reads expected results."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # samples/ is no part of the installed package
    sys.path.insert(0, str(ROOT))
