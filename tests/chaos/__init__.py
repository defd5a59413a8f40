"""Servers that are killed, disks that lose power, and bugs that are planted."""
