"""The registrar's offline command: the roll, the credentials, lost codes and strikes (sections 6, 7 and 9).

It runs on a machine without network, imports nothing of the web application, and is the only
place where credential codes ever exist together.
"""
