"""`python -m romframe` is the same as `romframe`."""

from romframe.cli import main


if __name__ == "__main__":
    main()
