"""Other tools' results in, and a history out.

Import: a file is recognised and parsed into runs (`formats/`, pure), the runs are laid out as an
asv results tree (`layout`, pure), and the tree on disk gains what it lacks (`store`). Export goes
the other way: the history becomes rows (`table`) or runs again.
"""
