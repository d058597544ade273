"""What rooms with I/O need of the machine.

`git` starts git, the only place that does; `atomic` replaces files in one step; `scratch` makes
folders that do not outlive their command; `child_processes` ends what we started.
"""
