"""``python -m evote``."""

from evote.cli import main

if __name__ == "__main__":
    main()
