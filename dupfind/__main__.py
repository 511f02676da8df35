"""`python -m dupfind`."""

from dupfind.cli import main

if __name__ == "__main__":
    main()
