"""Entry point: ``python -m evote.registrar``."""

from evote.registrar.cli import main

if __name__ == "__main__":
    main()
