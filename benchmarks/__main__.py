"""Run every benchmark, one after another: ``python -m benchmarks``. About ten minutes; leave the machine alone."""

import subprocess
import sys

EVERY = (
    ("verification", "--bits", "3072", "--options", "5"),
    ("proving", "--bits", "3072", "--options", "5"),
    ("aggregation", "--bits", "3072", "--options", "5"),
    ("ceremony", "--bits", "3072"),
    ("casting", "--bits", "3072", "--ballots", "500"),
    ("mailing", "--people", "10000"),
    ("proving_browser",),
    ("proving_booth", "--bits", "3072"),
    ("page_weight", "--bits", "3072"),
)


def main() -> None:
    """Run them; ends with the status of the worst."""
    statuses = []
    for name, *options in EVERY:
        print(f"\npython -m benchmarks.{name} {' '.join(options)}", flush=True)
        statuses.append(subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode)
    sys.exit(max(statuses))


if __name__ == "__main__":
    main()
