"""`python -m sekisho`: the command line, where its script is not on the path."""

from sekisho.cli.main import main

if __name__ == "__main__":
    main()
