"""The demonstration behind setup/demo: two brands trade a day through the real interfaces."""
