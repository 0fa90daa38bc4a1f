"""Run the verifier's commands: `python -m verifier check FOLDER`."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="python -m verifier")
