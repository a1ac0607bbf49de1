"""``python -m reports.jobs FOLDER``: the process of one job."""

import sys
from pathlib import Path

from reports.jobs.worker import work

if __name__ == "__main__":
    work(Path(sys.argv[1]))
