"""What impure rooms need of the machine: git, atomic files, scratch folders, child processes."""
