"""Hostile "coding tests", read and never run.

A folder, file or archive becomes virtual files in memory (`intake`). Each is read by what it holds (`classify`,
`extract`), in workers that can open nothing (`pool`, `worker`). What was found is joined across files (`link`), judged
by one rule a file (`rules`) and told (`report`). Nothing under inspection is executed, imported, written or asked over
the network. This room imports nothing of the others but `errors` and `files`.
"""
