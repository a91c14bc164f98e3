"""`python -m tests.scale`: what a challenge weighs, counted from a whole life."""

import sys
import tempfile
from pathlib import Path

from tests.scale.weighing import a_whole_life, said

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(f"{said([a_whole_life(Path(folder))])}\n")
