"""Faults that are really done: processes killed, the database restarted, the network cut.

The ordinary run does each in small; `make faults` (`JINGWEI_FAULTS=full`) at full size.
"""
