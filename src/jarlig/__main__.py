"""`python -m jarlig` is the command `jarlig`."""

from jarlig.cli import main

if __name__ == "__main__":
    main()
