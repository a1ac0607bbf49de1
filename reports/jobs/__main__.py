"""``python -m reports.jobs FOLDER``: the process of one job."""

import gc
import sys
from pathlib import Path

from reports.jobs.worker import work

if __name__ == "__main__":
    gc.set_threshold(100_000, 50, 50)  # what a job makes it needs until it ends
    work(Path(sys.argv[1]))
