"""From nothing to the page (启动): the embedded database, its logins, the processes of the service and their doctor.

Stands outside the order of the rooms and imports none of them, nor Django: it must be able to say what they lack.
"""
