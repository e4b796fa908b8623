"""Write the table of the checks: python -m baocao_etl.checks > docs/checks.md."""

from __future__ import annotations

import sys

from baocao_etl.checks import table_of_checks

_HEAD = """# The checks

Made by `python -m baocao_etl.checks > docs/checks.md` from the rules themselves; a test keeps it true.
A rule that holds raises the confidence of its figures, one that fails lowers it; a note is worth a look.
Nothing is ever changed: where one misread digit explains a failure, the message proposes the value.

"""

sys.stdout.write(_HEAD + table_of_checks())
