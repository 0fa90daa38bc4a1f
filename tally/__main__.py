"""Entry point: ``python -m tally``."""

from tally.commands import main

if __name__ == "__main__":
    main()
