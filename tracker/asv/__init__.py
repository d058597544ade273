"""Starts asv, and sees to its end.

1. `command`: a project and options -> an asv process; `progress`: its lines -> ours.
2. `clone`: a clone as CI leaves it -> one that asv can read.
3. `entry`, `build_entry`: what runs in that process: asv's own command line, a few things changed;
   `usual_build`: how a project is built that does not say it; `environment_needs`: what asv needs
   of this machine.
4. `builds`: two commits -> two environments with base and head installed.
5. `printed_errors`, `build_failures`, `benchmark_failures`: what asv, a failed build or a failed
   benchmark printed -> why.
6. `failure_messages`: the last lines of asv or git -> what they mean for the user.
"""
