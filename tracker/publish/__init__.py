"""Writes the site to disk, or to an address.

1. `store`: where the files lie; `folder`: what of it is ours to write and to remove.
2. `pages`, `feed`: the site's data -> pages without JavaScript (drawings: `svg`) and Atom feeds.
3. `site`: a `SitePlan` and these -> files, the page that names them all last.
4. `server`: a folder -> the site in a browser of this machine.
"""
