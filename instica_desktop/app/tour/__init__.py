"""The tour: the main job, run unattended on the real app and the real local server, with pictures.

album.py keeps pictures and checks, hands.py acts as a user would, words.py reads what is said,
steps.py is the job itself, run.py runs it.
"""
